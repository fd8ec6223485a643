#!/bin/sh
# An anycast address that is announced to a router from a network namespace which outlives everything in it.
#
#   sh anycast.sh up                two namespaces, a cable between them, BIRD in each, an application in one
#   sh anycast.sh application TEXT  another application in place of the one that runs
#   sh anycast.sh withdraw          no more traffic for this node: the address goes
#   sh anycast.sh announce          it comes back
#   sh anycast.sh down              everything ends
#
# Run it as root: it lays the cable. The images can be named in the environment.
set -eu
: "${DOCKER:=docker}"
: "${PAUSE:=registry.example/mote/pause:0.1.0}"
: "${BIRD:=anycast-bird}"
: "${APPLICATION:=busybox:stable}"
here=$(cd "$(dirname "$0")" && pwd)
address=198.51.100.1

# A namespace, and nothing in it but the one who holds it.
hold() {
    "$DOCKER" run --detach --name "$1" --network none "$PAUSE"
}

holder() {
    "$DOCKER" inspect --format '{{.State.Pid}}' "$1"
}

# Runs a command of this machine in a namespace: inside NAME COMMAND...
inside() {
    name=$1
    shift
    nsenter --target "$(holder "$name")" --net -- "$@"
}

# Both ends are born where they belong. Nothing of this machine's own network changes.
lay_cable() {
    ip link add uplink netns "$(holder anycast)" type veth peer name node netns "$(holder router)"
    inside anycast ip address add 192.0.2.2/24 dev uplink
    inside anycast ip link set uplink up
    inside router ip address add 192.0.2.3/24 dev node
    inside router ip link set node up
}

bird() {
    "$DOCKER" run --detach --name "$1-bird" --network "container:$1" --cap-add NET_ADMIN \
        --volume "$here/$1.conf:/etc/bird.conf:ro" "$BIRD" bird -f -c /etc/bird.conf -s /run/bird.ctl
}

announce() {
    inside anycast ip address add "$address/32" dev lo
}

# A web server with one page. It knows nothing of BIRD.
application() {
    "$DOCKER" run --detach --name anycast-application --network container:anycast "$APPLICATION" \
        sh -c "mkdir /www && echo '$1' >/www/index.html && exec httpd -f -p $address:80 -h /www"
}

case ${1-} in
up)
    hold anycast
    hold router
    lay_cable
    announce
    bird router
    bird anycast
    application one
    ;;
application)
    "$DOCKER" rm --force anycast-application
    application "$2"
    ;;
withdraw)
    inside anycast ip address delete "$address/32" dev lo
    ;;
announce)
    announce
    ;;
down)
    "$DOCKER" rm --force anycast-application anycast-bird router-bird
    "$DOCKER" stop anycast router
    "$DOCKER" rm anycast router
    ;;
*)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac

#!/bin/sh
# Announces an anycast address to a router from a network namespace that outlives the processes in it.
#
#   sh anycast.sh up                start two namespaces with a veth pair, BIRD in each, an application in one
#   sh anycast.sh application TEXT  replace the application
#   sh anycast.sh withdraw          remove the address: no more traffic for this node
#   sh anycast.sh announce          add the address again
#   sh anycast.sh down              stop and remove all containers
#
# It must run as root, since it creates the veth pair. Set PAUSE, BIRD and APPLICATION to use other images.
set -eu
: "${DOCKER:=docker}"
: "${PAUSE:=registry.example/mote/pause:0.1.0}"
: "${BIRD:=anycast-bird}"
: "${APPLICATION:=busybox:stable}"
here=$(cd "$(dirname "$0")" && pwd)
address=198.51.100.1

# Starts pause in a new network namespace.
hold() {
    "$DOCKER" run --detach --name "$1" --network none "$PAUSE"
}

# Prints the PID of the pause that holds the namespace.
holder() {
    "$DOCKER" inspect --format '{{.State.Pid}}' "$1"
}

# Runs a command of the host in a namespace: inside NAME COMMAND...
inside() {
    name=$1
    shift
    nsenter --target "$(holder "$name")" --net -- "$@"
}

# Both ends of the veth pair are created in their namespaces, so that the host's own network does not change.
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

# A web server with one page, independent of BIRD.
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

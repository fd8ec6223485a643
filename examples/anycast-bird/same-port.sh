#!/bin/sh
# Runs tests that all bind the same port at the same time, each in a network namespace of its own, which `pause` holds.
# A test's server and clients are any number of containers, which can be started and stopped.
#
#   sh same-port.sh COUNT
set -eu
: "${DOCKER:=docker}"
: "${PAUSE:=registry.example/mote/pause:0.1.0}"
: "${APPLICATION:=busybox:stable}"
tests=$(seq "$1")

# Start all servers first, so that they all run at the same time.
for n in $tests; do
    "$DOCKER" run --detach --name "test-$n" --network none "$PAUSE" >/dev/null
    "$DOCKER" run --detach --name "test-$n-server" --network "container:test-$n" "$APPLICATION" \
        sh -c "mkdir /www && echo $n >/www/index.html && exec httpd -f -p 8080 -h /www" >/dev/null
done

# Requests the page of the test's own server; retries until the server listens, at most 100 times.
client() {
    "$DOCKER" run --rm --network "container:test-$1" "$APPLICATION" \
        sh -c 'for try in $(seq 100); do wget -q -O - http://127.0.0.1:8080/ && exit; sleep 0.1; done'
}

verdict() {
    answer=$(client "$1" 2>/dev/null) || answer=nothing
    if [ "$answer" = "$1" ]; then echo "test $1: passed"; else echo "test $1: got $answer"; exit 1; fi
}

clients=
for n in $tests; do
    verdict "$n" &
    clients="$clients $!"
done
status=0
for client in $clients; do
    wait "$client" || status=1
done

for n in $tests; do
    "$DOCKER" rm --force "test-$n-server" >/dev/null
    "$DOCKER" stop "test-$n" >/dev/null
    "$DOCKER" rm "test-$n" >/dev/null
done
exit "$status"

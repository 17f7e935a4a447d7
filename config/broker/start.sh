#!/bin/sh
# Starts the broker in its container.
set -eu
umask 077
config=${MOSQUITTO_CONFIG:-/mosquitto/config}
data=${MOSQUITTO_DATA:-/mosquitto/data}

if [ ! -e "$data/passwords" ]; then
    echo 'The broker has no passwords yet. Make them once, with this command:' >&2
    echo '  docker compose run --rm --no-deps mosquitto sh /mosquitto/config/passwords.sh' >&2
    exit 1
fi
# The broker wants this list readable by itself alone; in a checkout it belongs to somebody else.
cp "$config/acl" "$data/acl"
exec mosquitto -c "$config/mosquitto.conf"

#!/bin/sh
# Gives every client of the broker a password, once, and prints them. Run it inside the broker's container:
#
#   docker compose run --rm --no-deps mosquitto sh /mosquitto/config/passwords.sh
#
# With names behind it, it adds these clients to the ones that are there (give them a part in `acl` too).
set -eu
umask 077
data=${MOSQUITTO_DATA:-/mosquitto/data}

random() { od -An -N18 -tx1 /dev/urandom | tr -d ' \n'; }

first=no
if [ $# -eq 0 ]; then
    if [ -e "$data/passwords" ]; then
        echo 'There are passwords already. To make new ones for everybody, delete the volume first;'
        echo 'to add a client or give it a new password, write its name behind this command.'
        exit 1
    fi
    first=yes
    set -- unclench homeassistant zigbee2mqtt bedroom-bed
fi

[ -e "$data/passwords" ] || : >"$data/passwords"
cp "$data/passwords" "$data/passwords.new"

if [ "$first" = yes ]; then
    check=$(random)
    mosquitto_passwd -b "$data/passwords.new" healthcheck "$check" 2>/dev/null
    printf '%s' "$check" >"$data/healthcheck"
fi
echo 'Write these down now. They are not shown again.'
for name in "$@"; do
    password=$(random)
    mosquitto_passwd -b "$data/passwords.new" "$name" "$password" 2>/dev/null
    printf '  %-16s %s\n' "$name" "$password"
done
mv "$data/passwords.new" "$data/passwords"
[ "$first" = yes ] || echo 'Then: docker compose restart mosquitto'

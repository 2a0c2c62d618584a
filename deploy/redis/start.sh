#!/bin/sh
# Starts Redis for Blockbot. It has two users: `default` administers (the operator, the exporter), and `blockbot` is what
# redis-rest or a router signs in as. Scripts run with the rights of their caller, so what `blockbot` lacks can't be
# reached from inside EVAL either: other databases and servers, other callers' commands, the administration.
# The configuration, and the passwords with it, goes in by standard input: a command line is seen by everybody on the host.
set -eu

secrets=${SECRETS_DIR:-/run/secrets}
administrator=$(cat "$secrets/redis_password")
user=$(cat "$secrets/redis_user_password")

exec redis-server - <<END
requirepass $administrator
user blockbot on >$user ~* &* +@all -@admin -@dangerous -@scripting +eval +evalsha +eval_ro +evalsha_ro +script|load +script|exists -select -move +info
port ${REDIS_PORT:-6379}
dir ${REDIS_DATA:-/data}
appendonly yes
appendfsync everysec
save ""
# Limits, and for a day what was done under an idempotency key, each with an expiry: if memory runs out, what expires soonest
# goes first, and that is the limits.
maxmemory 128mb
maxmemory-policy volatile-ttl
# Whoever asks for more at once is cut off, before the reply takes the memory of everything else.
client-output-buffer-limit normal 32mb 0 0
tcp-keepalive 60
END

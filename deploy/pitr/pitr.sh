#!/bin/sh
# Usage: pitr.sh COMMAND [ARGUMENT ...]
#
# Point-in-time recovery with pgBackRest: base backups and every minute's changes, encrypted, in PITR_REPOSITORY.
#
#   pitr.sh backup           a base backup: of everything on Sundays and the first time, else of what has changed
#   pitr.sh list             what there is, and since when
#   pitr.sh check            whether changes really arrive in the repository
#   pitr.sh restore TIME     the files as of '2026-11-26 19:43:40+00'; the server has to be stopped
#
# and by the container itself `run COMMAND ...`, its entrypoint.
#
# Exit codes: 0 done, 1 not (pgBackRest's own are higher), 2 wrong usage.
set -eu

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p;}' "$0"; }
misuse() {
  echo "$1" >&2
  echo >&2
  usage >&2
  exit 2
}

# A password on a command line, or in the environment of the server, would be seen.
config=${PITR_CONFIG:-/tmp/pgbackrest.conf}

render() {
  (
    umask 077
    cat >"$config" <<END
[global]
repo1-path=${PITR_REPOSITORY:-/pitr}
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=$(cat "${PITR_PASSPHRASE_FILE:-/run/secrets/backup_passphrase}")
repo1-retention-full=2
repo1-bundle=y
compress-type=zst
start-fast=y
delta=y
log-level-file=off
log-level-console=${PITR_LOG_LEVEL:-warn}
lock-path=${PITR_LOCKS:-/tmp/pgbackrest}
[blockbot]
pg1-path=${PGDATA:-/var/lib/postgresql/data}
pg1-user=${POSTGRES_USER:-blockbot}
pg1-port=${PGPORT:-5432}
pg1-socket-path=${PITR_SOCKET:-/var/run/postgresql}
END
  )
  [ "$(id -u)" -ne 0 ] || chown postgres:postgres "$config" "${PITR_REPOSITORY:-/pitr}"
}

rest() { pgbackrest --config="$config" --stanza=blockbot "$@"; }

backup() {
  rest stanza-create
  kind=incr
  [ "$(date -u +%u)" -ne 7 ] || kind=full
  rest --type="$kind" backup
  rest check
}

case ${1:-} in
  -h | --help) usage ;;
  run)
    shift
    render
    exec docker-entrypoint.sh "$@"
    ;;
  backup) backup ;;
  check) rest check ;;
  list) rest info ;;
  restore)
    [ -n "${2:-}" ] || misuse 'restore wants a TIME'
    rest --type=time "--target=$2" --target-action=promote restore
    echo "pitr: restored; the server goes on from $2 once it is started"
    ;;
  '') misuse 'Say which command' ;;
  *) misuse "There is no command '$1'" ;;
esac

#!/bin/sh
# Usage: backup.sh COMMAND [FILE]
#
# Encrypted dumps of the database, and their way back.
#
#   backup.sh nightly        one dump a day at BACKUP_AT (UTC), and one at once if there is none; until it is stopped
#   backup.sh now            one dump, at once
#   backup.sh list           what there is, the newest first
#   backup.sh newest         the newest of them
#   backup.sh check FILE     restores into a scratch database, prints the rows of each table, drops it again
#   backup.sh restore FILE   puts it in the place of the database; stop the router before
#   backup.sh fresh          exit code 0 if the newest is not older than 26 hours
#
# A dump needs a role that reads everything (blockbot_backup); check and restore need the owner of the tables, and are run
# by the service `restore`.
#
# FILE is a path below /backups. The first dump of a week and of a month is kept longer: 7 days, 4 weeks, 6 months.
#
# It works as the user that owns /backups, whoever that is: so the folder needs no other owner than the person who made
# it, and that person's restic or rclone can read what is in there.
#
# Exit codes: 0 done, 1 not, 2 wrong usage.
set -eu
umask 077

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p;}' "$0"; }
misuse() {
  echo "$1" >&2
  echo >&2
  usage >&2
  exit 2
}

case ${1:-} in
  -h | --help) usage && exit 0 ;;
  nightly | now | list | newest | fresh) files=0 ;;
  check | restore)
    files=1
    [ -n "${2:-}" ] || misuse "$1 wants a FILE (backup.sh list tells them)"
    ;;
  '') misuse 'Say which command' ;;
  -*) misuse "Unknown option '$1'" ;;
  *) misuse "There is no command '$1'" ;;
esac
[ $# -le $((1 + files)) ] || misuse "Unexpected argument '$(shift $((1 + files)) && echo "$1")'"

folder=${BACKUP_FOLDER:-/backups}
# Where node-exporter reads what it can't measure itself; a volume of Docker's, and so root's.
measures=/measures

if [ "$(id -u)" -eq 0 ]; then
  [ ! -d "$measures" ] || chmod 0777 "$measures"
  owner=$(stat -c %u "$folder")
  [ "$owner" -eq 0 ] || exec setpriv --reuid="$owner" --regid="$(stat -c %g "$folder")" --clear-groups sh "$0" "$@"
fi

passphrase=/run/secrets/backup_passphrase
PGPASSWORD=$(cat "$PGPASSWORD_FILE")
GNUPGHOME=/tmp/gnupg
export PGPASSWORD GNUPGHOME
mkdir -p "$GNUPGHOME"

say() { echo "backup: $*"; }
fail() {
  echo "backup: $*" >&2
  exit 1
}

must_write() {
  [ -w "$folder" ] || fail "user $(id -u), who owns the folder of backups, may not write into it"
}

# One at a time, also from another container: two dumps of one second are one file, and every check has the same scratch
# database. gpg leaves an agent behind, which must not take the lock with it: hence 9>&- below.
take_turn() {
  must_write
  exec 9>"$folder/.lock"
  flock 9
}

encrypt() {
  gpg --batch --quiet --yes --pinentry-mode loopback --passphrase-file "$passphrase" \
    --symmetric --cipher-algo AES256 --compress-algo none --output "$1" 9>&-
}

decrypt() {
  gpg --batch --quiet --pinentry-mode loopback --passphrase-file "$passphrase" --decrypt "$1" 9>&-
}

# The newest COUNT of a folder stay.
keep() {
  find "$folder/$1" -name '*.dump.gpg' | sort -r | tail -n +"$(($2 + 1))" | while read -r old; do
    rm -- "$old"
    say "dropped $1/${old##*/}"
  done
}

# A pipe hides that its first command failed, so that is written down; and the dump is read again, to its end, before
# it is called a backup. Nothing is ever on a disk in the clear.
now() {
  [ -s "$passphrase" ] || fail 'the secret backup_passphrase is empty'
  mkdir -p "$folder/daily" "$folder/weekly" "$folder/monthly"
  stamp=$(date -u +%Y%m%dT%H%M%SZ)
  file=$folder/daily/$stamp.dump.gpg
  rm -f /tmp/failed
  { pg_dump --format=custom || touch /tmp/failed; } | encrypt "$file.new"
  [ ! -e /tmp/failed ] || fail 'the database could not be dumped'
  { decrypt "$file.new" || touch /tmp/failed; } | pg_restore --file=/dev/null || fail 'the dump can not be read back'
  [ ! -e /tmp/failed ] || fail 'the dump can not be decrypted'
  mv "$file.new" "$file"
  for slot in "weekly/$(date -u +%G-W%V)" "monthly/$(date -u +%Y-%m)"; do
    [ -n "$(find "$folder/${slot%/*}" -name "${slot#*/}*")" ] || ln "$file" "$folder/$slot-$stamp.dump.gpg"
  done
  keep daily 7
  keep weekly 4
  keep monthly 6
  measure
  say "made daily/$stamp.dump.gpg, $(wc -c <"$file") bytes"
}

# For the alerts of deploy/monitoring/prometheus/rules.yml. It outlives this container: one that is gone makes no backup either.
measure() {
  [ -d "$measures" ] || return 0
  cat >"$measures/backup.prom.new" <<END
# HELP blockbot_backup_last_success_timestamp_seconds When the newest backup was made.
# TYPE blockbot_backup_last_success_timestamp_seconds gauge
blockbot_backup_last_success_timestamp_seconds $(stat -c %Y "$file")
# HELP blockbot_backup_size_bytes Size of the newest backup.
# TYPE blockbot_backup_size_bytes gauge
blockbot_backup_size_bytes $(stat -c %s "$file")
END
  chmod 0644 "$measures/backup.prom.new"
  mv "$measures/backup.prom.new" "$measures/backup.prom"
}

# When a dump was begun stands at the end of its name: the date of a file that was copied may be any. The weekly and monthly
# ones of older releases have it not, and come last.
stamp_of() {
  name=${1##*/}
  name=${name%.dump.gpg}
  case $name in
    *T*Z) echo "${name##*-}" ;;
    *) echo 0 ;;
  esac
}

# One that is kept as the first of its week too comes as the daily one first. In one write: `head -n 1` hangs up then.
list() {
  all=$(for kind in daily weekly monthly; do
    [ ! -d "$folder/$kind" ] || find "$folder/$kind" -name '*.dump.gpg' | sort -r | while read -r file; do
      echo "$(stamp_of "$file") $file"
    done
  done | sort -s -k 1,1r | cut -d ' ' -f 2-)
  [ -z "$all" ] || printf '%s\n' "$all"
}

newest() {
  first=$(list | head -n 1)
  [ -n "$first" ] || fail 'there is no backup'
  echo "$first"
}

nightly() {
  trap 'exit 0' TERM INT
  must_write
  say "every day at $BACKUP_AT UTC"
  # A new host waits for no night, nor one that was switched off for one.
  sh "$0" fresh 2>/dev/null || sh "$0" now || say 'no backup was made'
  while :; do
    today=$(date -u -d "$BACKUP_AT" +%s)
    wait_for=$((today - $(date +%s)))
    [ "$wait_for" -gt 0 ] || wait_for=$((wait_for + 86400))
    sleep "$wait_for" &
    wait $!
    # A night without a backup shows in `fresh`; the next night is tried all the same.
    sh "$0" now || say 'no backup was made'
  done
}

rows() {
  psql --dbname="$1" --no-psqlrc --quiet --tuples-only --no-align --field-separator=' ' --command="
    select table_schema || '.' || table_name, (xpath('/row/n/text()',
      query_to_xml(format('select count(*) as n from %I.%I', table_schema, table_name), false, true, '')))[1]
    from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1"
}

check() {
  scratch=blockbot_check
  dropdb --if-exists "$scratch"
  createdb "$scratch"
  trap 'dropdb --if-exists "$scratch"' EXIT
  decrypt "$1" | pg_restore --dbname="$scratch" --no-owner --exit-on-error
  rows "$scratch"
  say 'it can be restored'
}

# What a cluster with more transactions behind it has written is of the future here, and the trail would not be served until
# this one has got there.
renumber_trail() {
  psql --dbname="$PGDATABASE" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 <<'SQL'
begin;
do $$ begin
  -- A dump from before migration 0011 has none; its migration gives it one.
  if exists (select from pg_attribute where attrelid = 'audit_events'::regclass and attname = 'xact') then
    alter table audit_events disable trigger audit_events_append_only;
    update audit_events set xact = pg_current_xact_id() where xact >= pg_current_xact_id();
    alter table audit_events enable trigger audit_events_append_only;
  end if;
end $$;
commit;
SQL
}

# All or nothing: what fails half-way leaves the database as it was.
restore() {
  decrypt "$1" | pg_restore --dbname="$PGDATABASE" --no-owner --clean --if-exists --single-transaction
  renumber_trail
  rows "$PGDATABASE"
  say "restored ${1#"$folder/"}"
}

fresh() {
  file=$(newest)
  expr "$(stamp_of "$file")" '>' "$(date -u -d '26 hours ago' +%Y%m%dT%H%M%SZ)" >/dev/null ||
    fail "the newest backup is older than 26 hours: ${file#"$folder/"}"
}

case ${1:-} in
  nightly | list | newest | fresh) "$1" ;;
  now)
    take_turn
    now
    ;;
  check | restore)
    [ -s "$2" ] || fail "there is no file $2 (backup.sh list tells them)"
    [ -r "$2" ] || fail "user $(id -u), who owns the folder of backups, may not read $2"
    take_turn
    "$1" "$2"
    ;;
esac

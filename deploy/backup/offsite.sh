#!/bin/sh
# Usage: offsite.sh COMMAND [FILE]
#
# Copies of the encrypted dumps, elsewhere: restic to S3, SFTP or another folder (RESTIC_REPOSITORY).
#
#   offsite.sh nightly       a copy a day at OFFSITE_AT (UTC), and one at once; until it is stopped
#   offsite.sh now           a copy, at once; looked at once it is there
#   offsite.sh list          which copies there are
#   offsite.sh fetch [FILE]  the newest dump of the newest copy, or FILE of it (daily/...), back into /backups
#   offsite.sh fresh         exit code 0 if the newest copy is not older than 26 hours
#
# What is kept elsewhere outlives what is kept here: 7 days, 5 weeks, 12 months.
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
  nightly | now | list | fresh) files=0 ;;
  fetch) files=1 ;;
  '') misuse 'Say which command' ;;
  -*) misuse "Unknown option '$1'" ;;
  *) misuse "There is no command '$1'" ;;
esac
[ $# -le $((1 + files)) ] || misuse "Unexpected argument '$(shift $((1 + files)) && echo "$1")'"

folder=${BACKUP_FOLDER:-/backups}
# When the last copy was looked at, for the health check and for node-exporter; a volume.
measures=${MEASURES_FOLDER:-/measures}
measure=$measures/offsite.prom

say() { echo "offsite: $*"; }
fail() {
  echo "offsite: $*" >&2
  exit 1
}
[ -n "${RESTIC_REPOSITORY:-}" ] || fail 'OFFSITE_REPOSITORY is empty: say where the copies go'

# The name of the host is a container's, and another one each time.
host=blockbot

newest_here() { (cd "$folder" && ls daily/*.dump.gpg 2>/dev/null) | sort | tail -n 1; }
newest_there() { restic ls --quiet latest --host "$host" "$folder/daily" | grep '\.dump\.gpg$' | sort | tail -n 1; }
sum() { sha256sum | cut -d ' ' -f 1; }

now() {
  file=$(newest_here)
  [ -n "$file" ] || fail 'there is no backup to copy'
  restic cat config >/dev/null 2>&1 || restic init
  # Of a copy that was cut off; those that are in use stay.
  restic unlock --quiet
  restic backup --quiet --host "$host" --exclude '*.new' --exclude .lock "$folder"
  restic forget --quiet --host "$host" --group-by host --keep-daily 7 --keep-weekly 5 --keep-monthly 12 --prune
  # The order of it all, and a tenth of the bytes; then the dump itself, every byte of it, as it would come back.
  restic check --quiet --read-data-subset=10%
  there=$(restic dump --quiet --host "$host" latest "$folder/$file" | sum)
  [ "$there" = "$(sum <"$folder/$file")" ] || fail "$file is not there as it is here"
  cat >"$measure.new" <<END
# HELP blockbot_offsite_last_success_timestamp_seconds When a copy of the backups elsewhere was last made and looked at.
# TYPE blockbot_offsite_last_success_timestamp_seconds gauge
blockbot_offsite_last_success_timestamp_seconds $(date +%s)
END
  chmod 0644 "$measure.new"
  mv "$measure.new" "$measure"
  say "copied and looked at: $file"
}

nightly() {
  trap 'exit 0' TERM INT
  say "every day at $OFFSITE_AT UTC"
  sh "$0" now || say 'no copy was made'
  while :; do
    # Seconds of the day, without GNU's date.
    passed=$(date -u '+%H %M %S' | awk '{ print $1 * 3600 + $2 * 60 + $3 }')
    at=$(echo "$OFFSITE_AT" | awk -F : '{ print $1 * 3600 + $2 * 60 }')
    wait_for=$((at - passed))
    [ "$wait_for" -gt 0 ] || wait_for=$((wait_for + 86400))
    sleep "$wait_for" &
    wait $!
    sh "$0" now || say 'no copy was made'
  done
}

fetch() {
  file=${1:+$folder/$1}
  [ -n "$file" ] || file=$(newest_there)
  [ -n "$file" ] || fail 'there is no dump in the newest copy'
  mkdir -p "${file%/*}"
  restic dump --quiet --host "$host" latest "$file" >"$file.new"
  # It is the property of whoever owns the folder, as what backup.sh makes.
  chown "$(stat -c %u:%g "$folder")" "${file%/*}" "$file.new"
  mv "$file.new" "$file"
  say "fetched ${file#"$folder/"}"
}

fresh() {
  [ -r "$measure" ] || fail 'no copy was made yet'
  age=$(($(date +%s) - $(sed -n 's/^blockbot_offsite[a-z_]* //p' "$measure")))
  [ "$age" -lt 93600 ] || fail "the newest copy is $((age / 3600)) hours old"
}

case $1 in
  list) restic snapshots --host "$host" ;;
  fetch) fetch "${2:-}" ;;
  *) "$1" ;;
esac

#!/bin/sh
# Puts the mail account of secrets/ into alertmanager.yml and starts Alertmanager: of smtp_url if there is one, else that
# of resend_api_key, since Resend takes SMTP too.
set -eu

secrets=${SECRETS_DIR:-/run/secrets}
template=${ALERTMANAGER_TEMPLATE:-/etc/alertmanager/alertmanager.yml}
folder=${ALERTMANAGER_RENDERED:-/tmp}

: "${ALERT_EMAIL:?must name who is told}"
: "${MAIL_FROM:?must name the sender}"

# %40 is @, and so on.
decode() {
  left=$1
  while [ "${left#*%}" != "$left" ]; do
    printf %s "${left%%\%*}"
    left=${left#*%}
    # shellcheck disable=SC2059 # the format is the letter
    printf "\\$(printf %03o "0x$(printf %.2s "$left")")"
    left=${left#??}
  done
  printf %s "$left"
}

url=$(cat "$secrets/smtp_url")
if [ -n "$url" ]; then
  scheme=${url%%://*}
  rest=${url#*://}
  rest=${rest%%[/?]*}
  host=${rest##*@}
  user='' password=''
  if [ "$host" != "$rest" ]; then
    account=${rest%@*}
    user=$(decode "${account%%:*}")
    password=$(decode "${account#*:}")
  fi
  case $host in
    *:*) ;;
    *) if [ "$scheme" = smtps ]; then host=$host:465; else host=$host:587; fi ;;
  esac
else
  host=smtp.resend.com:465 user=resend
  password=$(cat "$secrets/resend_api_key")
fi
[ -n "$password" ] || [ -n "$url" ] || {
  echo 'alertmanager: neither smtp_url nor resend_api_key is set' >&2
  exit 78
}

# Of a value, what sed or a quoted YAML string would take for its own.
quoted() { printf '%s' "$1" | sed "s/'/''/g; s/[\\\\&|]/\\\\&/g"; }

umask 077
printf %s "$password" >"$folder/smtp_password"
sed -e "s|\${ALERT_EMAIL}|$(quoted "$ALERT_EMAIL")|g" \
  -e "s|\${MAIL_FROM}|$(quoted "$MAIL_FROM")|g" \
  -e "s|\${SMTP_HOST}|$(quoted "$host")|g" \
  -e "s|\${SMTP_USER}|$(quoted "$user")|g" \
  -e "s|/tmp/smtp_password|$folder/smtp_password|g" \
  "$template" >"$folder/alertmanager.yml"
[ "${1:-}" = --render ] || exec alertmanager --config.file="$folder/alertmanager.yml" --storage.path=/alertmanager \
  --cluster.listen-address=

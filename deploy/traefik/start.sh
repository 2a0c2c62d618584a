#!/bin/sh
# Puts the environment into traefik.yml, since Traefik does not, and starts Traefik with the result. Its flags and
# TRAEFIK_* variables would be ignored beside a file: all that is to be set goes through here.
set -eu

template=${TRAEFIK_TEMPLATE:-/etc/traefik-template.yml}
rendered=${TRAEFIK_RENDERED:-/tmp/traefik.yml}

: "${ACME_EMAIL:?must name who is told about certificates}"
ACME_CA=${ACME_CA:-production}
case $ACME_CA in
  production) ACME_CA_SERVER=https://acme-v02.api.letsencrypt.org/directory ;;
  staging) ACME_CA_SERVER=https://acme-staging-v02.api.letsencrypt.org/directory ;;
  *)
    echo "ACME_CA: must be production or staging" >&2
    exit 78
    ;;
esac

# Where it learns of routers: of one engine, or of a swarm. The settings of both have the same names.
PROVIDER=${PROVIDER:-docker}
case $PROVIDER in
  docker | swarm) ;;
  *)
    echo "PROVIDER: must be docker or swarm" >&2
    exit 78
    ;;
esac

# Of a value, what sed or a quoted YAML string would take for its own.
quoted() { printf '%s' "$1" | sed "s/'/''/g; s/[\\\\&|]/\\\\&/g"; }

# Networks split by commas become the items of a list; none, an empty one.
networks=$(quoted "${EDGE_TRUSTED_IPS:-}" | sed "s/ *, */', '/g; s/..*/'&'/")

umask 077
sed -e "s|\${ACME_EMAIL}|$(quoted "$ACME_EMAIL")|g" \
  -e "s|\${ACME_CA_SERVER}|$ACME_CA_SERVER|g" \
  -e "s|\${ACME_CA}|$ACME_CA|g" \
  -e "s|\${PROVIDER}|$PROVIDER|g" \
  -e "s|'\${EDGE_TRUSTED_IPS}'|$networks|g" \
  "$template" >"$rendered"

# shellcheck disable=SC2016 # the text itself is looked for
if grep -n '\${' "$rendered" >&2; then
  echo "traefik.yml: a variable that start.sh does not know" >&2
  exit 78
fi
[ "${1:-}" = --render ] || exec traefik --configFile="$rendered"

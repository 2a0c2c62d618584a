#!/usr/bin/env bash
# Usage: scripts/deploy.sh [--build | --pull] [IMAGE]
#
# Puts a new image in the place of the running one, and drops no request.
#
#   IMAGE     what to run from now on; it is written to .env as BLOCKBOT_IMAGE when it runs. Without it, the image that
#             .env names already.
#   --build   makes the image from this folder first
#   --pull    asks the registry for it even if one of that name is here
#
# Migrates, starts a new router beside each old one, waits until the new ones are healthy, lets the old ones finish what
# they do, and removes them. If the new ones do not get healthy they are removed, and the old ones never noticed.
# To go back: the same, with the image before. Environment: DEPLOY_PATIENCE, how many seconds to wait (120);
# COMPOSE_FILE (docker-compose.prod.yml).
#
# Exit codes: 0 the new image runs, 1 it does not and the old one still does, 2 wrong usage.
set -euo pipefail
cd "$(dirname "$0")/.."
export COMPOSE_FILE=${COMPOSE_FILE:-docker-compose.prod.yml}

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' scripts/deploy.sh; }
misuse() {
  echo "$1" >&2
  echo >&2
  usage >&2
  exit 2
}
say() { echo "deploy: $*"; }
fail() {
  echo "deploy: $*" >&2
  exit 1
}

# One of the router's settings, after .env and the environment.
router_setting() {
  docker compose config router |
    awk -v key="$1:" '/^  [a-z]/ { ours = $1 == "router:" } ours && /^    [a-z]/ && $1 == key { print $2; exit }'
}

how=missing image=
while [ $# -gt 0 ]; do
  case $1 in
    --build) how=build ;;
    --pull) how=always ;;
    -h | --help) usage && exit 0 ;;
    -*) misuse "Unknown option '$1'" ;;
    *)
      [ -z "$image" ] || misuse "Unexpected argument '$1'"
      image=$1
      ;;
  esac
  shift
done
if [ -n "$image" ]; then export BLOCKBOT_IMAGE=$image; fi

# Two at once would take each other's routers for the old ones.
exec 9>.deploy.lock
flock -n 9 || fail 'another one is under way'

if [ "$how" = build ]; then
  GIT_SHA=$(git rev-parse HEAD 2>/dev/null || echo unknown)
  export GIT_SHA
  say 'building the image'
  docker compose build router
else
  docker compose pull --quiet --policy "$how" migrate 2>/dev/null ||
    docker image inspect "$(router_setting image)" >/dev/null 2>&1 ||
    fail 'the image is neither here nor in a registry; is it to be made here (--build)?'
fi

# What is there from a run that was broken off counts as old: whoever serves goes on serving until new ones do.
mapfile -t old < <(docker compose ps -q router)
say "running now: ${#old[@]}"

say 'migrating'
docker compose run --rm --no-deps -T migrate || fail 'the migration failed; nothing was changed'

wanted=$(router_setting scale)

new=()
drop_new() {
  [ "${#new[@]}" -eq 0 ] || docker rm --force "${new[@]}" >/dev/null
}
trap 'drop_new; fail "stopped; the old ones still run"' INT TERM

say "starting $wanted beside them"
started=yes
docker compose up -d --no-deps --no-recreate --no-build --scale router=$((${#old[@]} + wanted)) router || started=no
mapfile -t all < <(docker compose ps -aq router)
for id in "${all[@]}"; do [[ " ${old[*]} " == *" $id "* ]] || new+=("$id"); done
if [ "$started" = no ] || [ "${#new[@]}" -eq 0 ]; then
  drop_new
  fail 'the new ones did not start; the old ones still run'
fi

say 'waiting until they are healthy'
patience=${DEPLOY_PATIENCE:-120}
deadline=$((SECONDS + patience))
for id in "${new[@]}"; do
  while state=$(docker inspect -f '{{.State.Status}} {{.State.Health.Status}}' "$id"); [ "$state" != 'running healthy' ]; do
    if [ "$state" = 'running unhealthy' ] || [ "${state%% *}" = exited ] || [ "$SECONDS" -ge "$deadline" ]; then
      docker logs --tail 20 "$id" >&2 || true
      drop_new
      fail "a new one is '$state'; they are removed, and the old ones still run"
    fi
    sleep 0.5
  done
done

# Traefik hears of the new ones by their event, at most once a second.
sleep 3
if [ "${#old[@]}" -gt 0 ]; then
  say 'letting the old ones finish'
  docker stop --time 30 "${old[@]}" >/dev/null
  docker rm "${old[@]}" >/dev/null
fi
trap - INT TERM

# In place: while it restarts, each router counts limits by itself.
docker compose up -d --no-deps --no-build redis-rest

if [ -n "$image" ] && [ -f .env ]; then
  if grep -q '^BLOCKBOT_IMAGE=' .env; then
    sed -i "s|^BLOCKBOT_IMAGE=.*|BLOCKBOT_IMAGE=$image|" .env
  else
    echo "BLOCKBOT_IMAGE=$image" >>.env
  fi
fi
say "done: $(docker inspect -f '{{.Config.Image}}' "${new[0]}")"

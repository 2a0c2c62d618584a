#!/usr/bin/env bash
# Usage: scripts/deploy.sh [--build | --pull | --back] [--settings] [IMAGE]
#
# Puts a new image in the place of the running one, and drops no request.
#
#   IMAGE        what to run from now on; it is written to .env as BLOCKBOT_IMAGE when it runs. Without it, the image
#                that .env names already.
#   --build      makes the image from this folder first, named by its revision
#   --pull       asks the registry for it even if one of that name is here
#   --back       the image before; once more, the one before that. Three are kept.
#   --settings   starts Traefik, Redis, Postgres and what else runs anew, where their settings have changed. Without it they
#                are named. Who comes while Traefik starts waits for it (scripts/hold-connections.sh); of the others each
#                is away for some seconds.
#
# Migrates, starts a new router beside each old one, waits until the new ones are ready, lets the old ones finish what
# they do, and removes them. If the new ones do not get ready they are removed, and the old ones never noticed.
# Environment: DEPLOY_PATIENCE, how many seconds to wait (120); COMPOSE_FILE (that of .env,
# or docker-compose.prod.yml).
#
# Exit codes: 0 the new image runs; 1 it does not and the old one still does, or what was started anew is not well;
# 2 wrong usage.
set -euo pipefail
cd "$(dirname "$0")/.."
# With a second file in .env (deploy/pitr/) Postgres would look changed without it.
[ -n "${COMPOSE_FILE:-}" ] || COMPOSE_FILE=$(sed -n 's/^COMPOSE_FILE=//p' .env 2>/dev/null | tail -n 1 || true)
export COMPOSE_FILE=${COMPOSE_FILE:-docker-compose.prod.yml}
# The images that --back can go to, the one that runs first.
history=.deploy.history

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

# A revision as a tag; one that is not committed has more in its name.
to_tag() { [[ $1 =~ ^[0-9a-f]{40,}$ ]] && echo "${1:0:12}" || echo "${1:0:60}"; }

# A name of its own for an image, so that neither a tag that moves nor `docker image prune` takes it away.
keep_image() {
  local id=$1 revision there
  revision=$(docker image inspect -f '{{index .Config.Labels "org.opencontainers.image.revision"}}' "$id")
  case $revision in
    '' | unknown | *[!A-Za-z0-9._-]*) revision=${id#sha256:} ;;
  esac
  revision=$(to_tag "$revision")
  there=$(docker image inspect -f '{{.Id}}' "blockbot:$revision" 2>/dev/null) || there=$id
  [ "$there" = "$id" ] || revision=$revision-${id:7:8}
  docker tag "$id" "blockbot:$revision"
  echo "blockbot:$revision"
}

# The newest three; the names of others that stood there are given up.
remember() {
  local kept past
  kept=$(printf '%s\n' "$@" | awk 'NF && !seen[$0]++' | head -n 3)
  past=$(cat "$history" 2>/dev/null || true)
  printf '%s\n' "$kept" >"$history"
  for name in $past; do
    grep -qxF "$name" "$history" || docker image rm "$name" >/dev/null 2>&1 || true
  done
}

# Asked inside, since nothing of a router can be reached from outside. By what its image has: bash.
is_ready() {
  # shellcheck disable=SC2016 # it is the container's own port
  timeout 10 docker exec "$1" bash -c 'exec 3<>/dev/tcp/127.0.0.1/$PORT &&
    printf "GET /health/ready HTTP/1.0\r\n\r\n" >&3 && read -r _ status _ <&3 && [ "$status" = 200 ]' >/dev/null 2>&1
}

# Whether Traefik has asked it and was answered, which Traefik's metrics tell; 2 where nobody can be asked for them.
is_known() {
  local address
  address=$(docker inspect -f '{{(index .NetworkSettings.Networks "blockbot-web").IPAddress}}' "$1") || return 2
  # shellcheck disable=SC2016 # the container's shell expands it
  timeout 10 docker exec "$1" bash -c '{ exec 3<>/dev/tcp/traefik/8082; } 2>/dev/null || exit 2
    printf "GET /metrics HTTP/1.0\r\n\r\n" >&3
    grep -q "^traefik_service_server_up{.*url=\"http://$0:$PORT\"} 1" <&3' "$address"
}

# Files of ours that a container has mounted and that are younger than it. Traefik and Grafana follow the last two kinds by themselves.
younger_files() {
  local since
  since=$(docker inspect -f '{{.State.StartedAt}}' "$1")
  docker inspect -f '{{range .Mounts}}{{if eq .Type "bind"}}{{println .Source}}{{end}}{{end}}' "$1" |
    while read -r source; do
      case $source in
        "$PWD"/deploy/* | "$PWD/traefik.yml")
          find "$source" -type f -newermt "$since" ! -name dynamic.yml ! -name '*.json' -printf '%p\n'
          ;;
      esac
    done | sed "s|^$PWD/||"
}

# `service reason` for each that runs with other settings than those it would be started with now.
changed_services() {
  local id service why
  docker compose --profile '*' ps --format '{{.Service}} {{.ID}}' | while read -r service id; do
    case $service in router | redis-rest) continue ;; esac
    why=$(younger_files "$id" | paste -sd ' ')
    [ "$(docker compose --profile '*' config --hash "$service" | cut -d ' ' -f 2)" = \
      "$(docker inspect -f '{{index .Config.Labels "com.docker.compose.config-hash"}}' "$id")" ] ||
      why="${COMPOSE_FILE%%:*} or .env${why:+ $why}"
    [ -z "$why" ] || echo "$service $why"
  done
}

how=missing image='' settings=no
while [ $# -gt 0 ]; do
  case $1 in
    --build) how=build ;;
    --pull) how=always ;;
    --back) how=back ;;
    --settings) settings=yes ;;
    -h | --help) usage && exit 0 ;;
    -*) misuse "Unknown option '$1'" ;;
    *)
      [ -z "$image" ] || misuse "Unexpected argument '$1'"
      image=$1
      ;;
  esac
  shift
done
case $how in build | back) [ -z "$image" ] || misuse "--$how and IMAGE can't both be told" ;; esac

# Two at once would take each other's routers for the old ones.
exec 9>.deploy.lock
flock -n 9 || fail 'another one is under way'

case $how in
  build)
    GIT_SHA=$(git rev-parse HEAD 2>/dev/null || echo unknown)
    # What is not committed has no revision to be named by.
    [ -z "$(git status --porcelain 2>/dev/null)" ] || GIT_SHA=${GIT_SHA:0:12}-$(date -u +%Y%m%d%H%M%S)
    image=blockbot:$(to_tag "$GIT_SHA")
    export GIT_SHA BLOCKBOT_IMAGE=$image
    say "building $image"
    docker compose build router
    ;;
  back)
    image=$(sed -n 2p "$history" 2>/dev/null || true)
    [ -n "$image" ] || fail 'there is no image before this one'
    ;;
esac
if [ -n "$image" ]; then export BLOCKBOT_IMAGE=$image; fi
if [ "$how" != build ]; then
  wanted_image=$(router_setting image)
  { [ "$how" != back ] && docker compose pull --quiet --policy "$how" migrate 2>/dev/null; } ||
    docker image inspect "$wanted_image" >/dev/null 2>&1 ||
    fail "$wanted_image is neither here nor in a registry; is it to be made here (--build)?"
fi

# What is there from a run that was broken off counts as old: whoever serves goes on serving until new ones do.
mapfile -t old < <(docker compose ps -q router)
say "running now: ${#old[@]}"
before=''
[ "${#old[@]}" -eq 0 ] || before=$(keep_image "$(docker inspect -f '{{.Image}}' "${old[0]}")")

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

# Traefik sends nobody to one that Docker does not call healthy; but that it is called unhealthy on a busy host is not
# the last word, and only an end is.
say 'waiting until they are ready'
deadline=$((SECONDS + ${DEPLOY_PATIENCE:-120}))
for id in "${new[@]}"; do
  while :; do
    state=$(docker inspect -f '{{.State.Status}} {{.State.Health.Status}} {{.RestartCount}}' "$id" 2>/dev/null) || state='gone - 0'
    if [ "$state" = 'running healthy 0' ] && is_ready "$id"; then break; fi
    if [[ $state =~ ^(exited|gone) ]] || [ "${state##* }" -gt 0 ] || [ "$SECONDS" -ge "$deadline" ]; then
      docker logs --tail 20 "$id" >&2 || true
      docker inspect -f '{{range .State.Health.Log}}{{println "check:" .ExitCode .Output}}{{end}}' "$id" | tail -n 1 >&2 || true
      drop_new
      fail "a new one is '${state% *}' and not ready; they are removed, and the old ones still run"
    fi
    sleep 0.5
  done
done

# Traefik hears of the new ones by an event: at once, or on a busy host much later, and until then the old ones are all it has.
say 'waiting until Traefik sends somebody there'
for id in "${new[@]}"; do
  while :; do
    known=0
    is_known "$id" || known=$?
    [ "$known" -ne 0 ] || break
    # Another proxy, of which nothing can be asked.
    if [ "$known" -eq 2 ]; then sleep 5 && break; fi
    if [ "$SECONDS" -ge "$deadline" ]; then
      drop_new
      fail 'Traefik has not found a new one; they are removed, and the old ones still run'
    fi
    sleep 0.5
  done
done
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
now=$(keep_image "$(docker inspect -f '{{.Image}}' "${new[0]}")")
mapfile -t past < <(cat "$history" 2>/dev/null || true)
# Who went back does not come to the same image by going back once more.
[ "$how" != back ] || { before='' && past=("${past[@]:1}"); }
remember "$now" "$before" "${past[@]}"

changed=$(changed_services)
if [ -n "$changed" ] && [ "$settings" = yes ]; then
  say "starting anew, since their settings have changed:"
  echo "  ${changed//$'\n'/$'\n'  }"
  # With what they depend on: older releases of Compose count that among a service's settings.
  renew=(docker compose --profile '*' up -d --no-build --wait --force-recreate)
  mapfile -t others < <(cut -d ' ' -f 1 <<<"$changed" | grep -vx traefik)
  well=yes
  [ "${#others[@]}" -eq 0 ] || "${renew[@]}" "${others[@]}" || well=no
  if grep -q '^traefik ' <<<"$changed"; then
    # What takes long comes before anybody has to wait.
    docker compose pull --quiet --policy missing traefik 2>/dev/null || true
    scripts/hold-connections.sh "${renew[@]}" traefik || well=no
  fi
  [ "$well" = yes ] || fail 'the new image runs, but not all of these do: docker compose ps, docker compose logs'
elif [ -n "$changed" ]; then
  say 'settings have changed that are not in use yet; scripts/deploy.sh --settings starts these anew, of which all but Traefik are away for some seconds:'
  echo "  ${changed//$'\n'/$'\n'  }"
fi
say "done: $now$(sed -n '2s/^/, before it /p' "$history")"

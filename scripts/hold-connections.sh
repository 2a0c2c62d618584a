#!/usr/bin/env bash
# Usage: scripts/hold-connections.sh COMMAND [ARGUMENT ...]
#
# Runs COMMAND, which starts Traefik anew, so that clients wait for a moment instead of failing:
#
#   scripts/hold-connections.sh docker compose up -d --wait traefik
#   scripts/hold-connections.sh docker compose restart traefik
#
# With another image, docker compose pull traefik comes first: what COMMAND fetches is waited for.
#
# First every answer ends its connection, for HOLD_CLOSING seconds (10), so that none is in use when Traefik stops: a line of
# deploy/traefik/dynamic.yml, which is taken away again. Then the firewall drops what opens a new one at Traefik's published
# ports, from anywhere to this host: TCP asks again after a second, and then after more. It is let through as soon as the new
# Traefik answers, seen from inside, with its routers and its certificate; after HOLD_AT_MOST seconds (20) in any case, and
# however this script ends: the kernel itself forgets by then.
#
# Needs root, or sudo without a password, and iptables with its match for the time; without them, and where Traefik does not
# answer well beforehand, it says so and COMMAND is run as it is.
#
# Exit codes: those of COMMAND; 1 where Traefik did not answer well after it, 2 wrong usage.
set -euo pipefail
cd "$(dirname "$0")/.."
# Where a user's PATH has no iptables.
export PATH=$PATH:/usr/sbin:/sbin
closing_seconds=${HOLD_CLOSING:-10} at_most=${HOLD_AT_MOST:-20}
mark=blockbot-restart

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' scripts/hold-connections.sh; }
say() { echo "hold: $*"; }
to_ms() { date +%s%3N; }

case ${1:-} in
  -h | --help) usage && exit 0 ;;
  '' | -*)
    { [ $# -eq 0 ] && echo 'Say which command' || echo "Unknown option '$1'"; } >&2
    echo >&2
    usage >&2
    exit 2
    ;;
esac

root=()
[ "$(id -u)" -eq 0 ] || root=(sudo -n)

find_container() {
  docker ps --quiet --filter label=com.docker.compose.project=blockbot --filter "label=com.docker.compose.service=$1" | head -n 1
}

# What makes a connection new, for each published port. To this host alone: what a container asks of others goes through
# PREROUTING too, and Let's Encrypt is one of them. OUTPUT is for who asks on this host; dropped there, a datagram is an error.
to_rules() {
  local family=$1 match=$2 inside port address at
  echo '*mangle'
  while read -r inside port address; do
    case $family,$address in
      *, | *,0.0.0.0 | *,::) at='' ;;
      ip6tables,*:* | iptables,*.*) at="-d $address" ;;
      *) continue ;;
    esac
    local to="$at --dport $port -m addrtype --dst-type LOCAL $match -m comment --comment $mark -j DROP"
    case $inside in
      */udp) echo "-I PREROUTING -p udp -m conntrack --ctstate NEW $to" ;;
      *) printf -- "-I %s -p tcp --syn $to\n" PREROUTING OUTPUT ;;
    esac
  done <<<"$ports"
  echo COMMIT
}

restore() { "${root[@]}" "$1-restore" --noflush --wait 5 2>/dev/null; }

# Past that time the kernel lets through by itself. Where it has no match for the time, nobody is held: no rule is to outlive whoever wrote it.
hold() {
  local until
  until=$(date -u -d "+$at_most seconds" +%Y-%m-%dT%H:%M:%S) &&
    to_rules "$1" "-m time --datestop $until" | restore "$1"
}

# Of one published port, or of all; those of a former run too.
release() {
  local family
  for family in iptables ip6tables; do
    { echo '*mangle' &&
      "${root[@]}" "$family-save" -t mangle 2>/dev/null | sed -n "/ --dport ${1:-[0-9]*} .*--comment $mark /s/^-A/-D/p" &&
      echo COMMIT; } | restore "$family" || true
  done
}

# Each answer ends its connection, but for a Traefik that reads the line after that time.
end_connections() {
  local end=$(($(date +%s) + closing_seconds + at_most))
  sed -i --follow-symlinks "s/^\( *\)customResponseHeaders: *\(#.*\)\{0,1\}\$/&\n\1  Connection: '{{ if lt now.Unix $end }}close{{ end }}' # $mark/" "$dynamic" &&
    grep -q "# $mark\$" "$dynamic"
}

keep_connections() {
  { grep -q "# $mark\$" "$dynamic" && sed -i --follow-symlinks "/# $mark\$/d" "$dynamic"; } 2>/dev/null || true
}

# What undoes all of it: as soon as nobody holds the other end of its standard input, or when it lasts too long.
guard() {
  trap '' HUP INT TERM TSTP
  read -r -t "$1" || true
  release
  keep_connections
}

# Tells a port as soon as Traefik answers at it as it should: 80 leads to 443, which has the certificate and a router.
# Runs in a router, since Traefik's own image has nothing that can ask; the router's name for itself is the domain.
asks="
const http = require('node:http'), https = require('node:https');
const { checkServerIdentity } = require('node:tls');
const { hostname } = new URL(process.env.PUBLIC_URL);
const end = Date.now() + 1000 * process.argv[1];
const isGood = ({ get }, port, judge) => new Promise((resolve) => {
  const options = { host: process.argv[2], port, path: '/health/live', headers: { Host: hostname }, agent: false, timeout: 1000,
    servername: hostname, rejectUnauthorized: false };
  const request = get(options, (answer) => { resolve(judge(answer)); answer.destroy(); });
  request.on('timeout', () => request.destroy(new Error('late'))).on('error', () => resolve(false));
});
const tell = async (...asked) => {
  while (!(await isGood(...asked))) {
    if (Date.now() > end) process.exit(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  console.log(asked[1]);
};
tell(http, 80, ({ statusCode }) => statusCode >= 300 && statusCode < 400);
tell(https, 443, ({ statusCode, socket }) =>
  statusCode === 200 && checkServerIdentity(hostname, socket.getPeerCertificate()) === undefined);
"
# By its address: the name of a container that is away may take seconds to be looked for.
ask() { docker exec "$router" node -e "$asks" "$1" "$2"; }

# The container, since when it runs, and its address; nothing while it has none.
find_traefik() {
  local id
  id=$(find_container traefik)
  [ -z "$id" ] || { docker inspect -f '{{.Id}} {{.State.StartedAt}} {{(index .NetworkSettings.Networks "blockbot-web").IPAddress}}' "$id" 2>/dev/null || true; } |
    awk 'NF == 3'
}

before=$(find_traefik || true)
traefik=${before%% *}
router=$(find_container router || true)
dynamic=deploy/traefik/dynamic.yml
[ -z "$traefik" ] ||
  dynamic=$(docker inspect -f '{{range .Mounts}}{{if eq .Destination "/etc/traefik"}}{{.Source}}{{end}}{{end}}' "$traefik")/dynamic.yml
why=''
[ -n "$before" ] && [ -n "$router" ] && [ "$(ask 2 "${before##* }" 2>/dev/null | wc -l)" -eq 2 ] ||
  why='Traefik does not answer well now'
command -v iptables-restore >/dev/null || why='iptables is not installed here'
[ -n "$why" ] || "${root[@]}" iptables-save -t mangle >/dev/null 2>&1 ||
  why='it takes root, or sudo without a password, and iptables'
exec 8>.hold.lock
if flock -n 8; then
  # Of a run that was cut off.
  keep_connections
else why='another hold is under way'; fi
if [ -n "$why" ]; then
  say "new connections are refused meanwhile: $why"
  exec "$@"
fi

ports=$(docker inspect -f '{{range $inside, $outside := .HostConfig.PortBindings}}{{range $outside}}{{println $inside .HostPort .HostIp}}{{end}}{{end}}' "$traefik" |
  awk 'NF >= 2 && !seen[$0]++')
exec 7> >(guard $((closing_seconds + at_most + 2)))
guard_id=$!

if [ "$closing_seconds" -gt 0 ]; then
  if end_connections; then
    say "for $closing_seconds s each answer ends its connection"
    sleep "$closing_seconds" 7>&- 8>&-
  else say "connections are kept until Traefik ends them: $dynamic takes no line below customResponseHeaders"; fi
fi

began=$(to_ms)
hold iptables || say 'new connections are refused meanwhile: iptables takes no rules here'
hold ip6tables || say 'new connections by IPv6 are refused meanwhile: ip6tables takes no rules here'
# Who has just got in asks, and is answered.
sleep 0.3 7>&- 8>&-
"$@" 7>&- 8>&- &
command=$!
deadline=$((SECONDS + at_most))
# Until there is another one, or the same one once more; or neither, and COMMAND is over.
until now=$(find_traefik); [ -n "$now" ] && [ "$now" != "$before" ]; do
  { kill -0 "$command" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ]; } || break
  sleep 0.1
done
answers=0
while read -r inside; do
  answers=$((answers + 1))
  while read -r port; do release "$port"; done < <(awk -v inside="$inside" '$1 ~ "^" inside "/" { print $2 }' <<<"$ports" | sort -u)
done < <(ask $((deadline - SECONDS)) "${now##* }" 7>&-) 7>&-
ended=$(to_ms)
# Not before it has read it: what changes while Traefik begins to watch it may be missed.
keep_connections
exec 7>&-
wait "$guard_id" || true
[ "$answers" -eq 2 ] || say "Traefik did not answer well within $at_most s"
say "new connections were held for $((ended - began)) ms"
wait "$command"
[ "$answers" -eq 2 ]

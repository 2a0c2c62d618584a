/** Which proxy, and which ACME server, the container tests run with: the most real that can be had here. */
import { readFileSync } from 'node:fs';
import { pull } from './pull.ts';

export interface Edge {
  /** What the tests are told. */
  readonly kind: 'pinned images' | 'binaries' | 'stand-in';
  /** For people. */
  readonly description: string;
  /** What the compose files of the tests read. */
  readonly env: Readonly<Record<string, string>>;
  /** Images that are to be made of a program each. */
  readonly programs: readonly Program[];
}

export interface Program {
  readonly image: string;
  readonly path: string;
  /** The program is beside it, as `program`. */
  readonly dockerfile: string;
}

const pebbleImage = 'ghcr.io/letsencrypt/pebble:2.10.1';

/** Has to be asked while the engine would reach a registry. */
export function chooseEdge(base: string): Edge {
  const images = [...readPinnedImages(), pebbleImage];
  if (images.every(pull)) {
    const env = { TEST_PEBBLE_IMAGE: pebbleImage };
    return { kind: 'pinned images', description: images.join(', '), env, programs: [] };
  }
  return chooseBinaries(base) ?? { kind: 'stand-in', description: standIn, env: {}, programs: [] };
}

const standIn =
  'a stand-in for Traefik (test/container/edge.ts): no registry answers, and TRAEFIK_BINARY and PEBBLE_BINARY are not set';

/** Both or neither: without an ACME server Traefik has no certificate. */
function chooseBinaries(base: string): Edge | undefined {
  const { TRAEFIK_BINARY: traefik = '', PEBBLE_BINARY: pebble = '' } = process.env;
  if (traefik === '' && pebble === '') return undefined;
  if (traefik === '' || pebble === '') throw new Error('TRAEFIK_BINARY and PEBBLE_BINARY belong together');
  const programs = [
    { image: 'blockbot:test-traefik', path: traefik, dockerfile: toTraefik(base) },
    { image: 'blockbot:test-pebble', path: pebble, dockerfile: toPebble(base) },
  ];
  const env = { TEST_TRAEFIK_IMAGE: 'blockbot:test-traefik', TEST_PEBBLE_IMAGE: 'blockbot:test-pebble' };
  return { kind: 'binaries', description: `${traefik} and ${pebble}`, env, programs };
}

/** The official image is Alpine's: start.sh must get on with BusyBox. */
const toTraefik = (base: string) => `FROM ${base}
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends busybox >/dev/null && \\
  for name in sh sed grep cat kill; do ln -sf /bin/busybox "/bin/$name"; done
COPY --chmod=755 program /usr/local/bin/traefik
`;

const toPebble = (base: string) => `FROM ${base}
COPY --chmod=755 program /app
ENTRYPOINT ["/app"]
`;

/** Traefik's and its socket proxy's, as the deployment names them. */
function readPinnedImages(): readonly string[] {
  const compose = readFileSync('docker-compose.prod.yml', 'utf8');
  return [...compose.matchAll(/^ {4}image: ((?:traefik|tecnativa\/docker-socket-proxy):\S+)$/gm)].map(
    ([, image = '']) => image,
  );
}

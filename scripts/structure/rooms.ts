/** The rooms of the source tree, from the ground up. A file may import from its own room and from those on floors below. */

export const floors: readonly (readonly string[])[] = [
  ['client', 'db'],
  ['lib/core'],
  ['lib/mail', 'lib/rate-limit', 'lib/security', 'redis-rest'],
  ['lib/idempotency'],
  ['lib/http'],
  ['lib/sessions'],
  ['lib/accounts'],
  ['lib/organizations'],
  ['lib/api-keys'],
  ['lib/pages'],
  ['lib/gate'],
  ['functions', 'hosts/core'],
  [
    ...['bun', 'cloudflare', 'deno', 'lambda', 'netlify', 'vercel'].map((platform) => `hosts/${platform}`),
    ...['mail', 'metrics', 'postgres', 'redis', 'telemetry'].map((part) => `hosts/node/${part}`),
  ],
  ['hosts/node'],
  ['contract'],
  ['answers'],
  ['scripts', 'test/support'],
  ['test'],
  ['bench', 'tests'],
];

export interface Room {
  readonly name: string;
  /** Counted from 1, the ground. */
  readonly floor: number;
}

const rooms: readonly Room[] = floors.flatMap((names, below) =>
  names.map((name) => ({ name, floor: below + 1 })),
);

/**
 * The innermost room that holds the file; `tests` for a test that stands beside its source, `answers` for what a route
 * answers, which stands there too. Undefined for none.
 */
export function roomOf(file: string): Room | undefined {
  const beside = toRoomBeside(file);
  const holding = rooms.filter(({ name }) =>
    beside === undefined ? file.startsWith(`${name}/`) : name === beside,
  );
  return holding.sort((a, b) => b.name.length - a.name.length)[0];
}

function toRoomBeside(file: string): string | undefined {
  if (file.startsWith('functions/') && file.endsWith('.answers.ts')) return 'answers';
  return file.endsWith('.test.ts') && !file.startsWith('test/') ? 'tests' : undefined;
}

/** Why a room may not import from another one; undefined where it may. */
export function findReason(from: Room, to: Room): string | undefined {
  if (from.name === to.name) return undefined;
  if (from.name === 'scripts' && to.name.startsWith('test')) {
    return 'commands run where no test is installed; what both need belongs in contract/';
  }
  if (from.name.startsWith('test') && to.name === 'scripts' && from.name !== 'tests') {
    return 'tests run a command as its users do, as a process; what both need belongs in contract/';
  }
  if (to.floor < from.floor) return undefined;
  return to.floor > from.floor
    ? 'what lies below is used without what lies above it, by a bundle, a script or a test that has none of that'
    : 'rooms on one floor stand alone, so that a bundle can have one without the other; what both need belongs below';
}

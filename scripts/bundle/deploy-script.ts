/** What deploys all that a target's folder holds, as one script in it: none where it is started and not deployed. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployable } from './deployable.ts';
import { write } from './deployable.ts';
import { type TargetName, toSlug } from './targets.ts';

export function writeDeployScript(target: TargetName, out: string, deployables: readonly Deployable[]): void {
  const lines = scripts[target]?.(deployables);
  if (lines === undefined) return;
  const file = join(out, 'deploy.sh');
  write(file, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(file, 0o755);
}

const begin = ['set -eu', 'cd "$(dirname "$0")"'];

const scripts: Readonly<
  Partial<Record<TargetName, (deployables: readonly Deployable[]) => readonly string[]>>
> = {
  cloudflare: (deployables) => {
    const names = deployables.map(({ name }) => toSlug(name));
    const isTogether = names.includes('all');
    return [
      '# Usage: ./deploy.sh SECRETS [OPTIONS OF WRANGLER DEPLOY]',
      '# SECRETS is a file of TOKEN_SECRET, JWT_PRIVATE_KEYS, UPSTASH_REDIS_REST_TOKEN, ... as JSON or .env.',
      'set -eu',
      '[ -r "${1:-}" ] || { echo "Usage: $0 SECRETS [OPTIONS OF WRANGLER DEPLOY]" >&2; exit 2; }',
      'secrets=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")',
      'shift',
      'cd "$(dirname "$0")"',
      `for worker in ${names.join(' ')}; do`,
      '  (cd "$worker" && ${WRANGLER:-npx wrangler@4} deploy --secrets-file "$secrets" "$@")',
      'done',
      // It has bindings to all of them.
      ...(isTogether ? [] : ['(cd router && ${WRANGLER:-npx wrangler@4} deploy "$@")']),
    ];
  },
  lambda: () => [
    ...begin,
    'exec sam deploy --template-file template.json --capabilities CAPABILITY_IAM "$@"',
  ],
  vercel: () => [...begin, 'exec npx vercel deploy --prebuilt "$@"'],
  netlify: () => [...begin, 'exec npx netlify deploy "$@"'],
};

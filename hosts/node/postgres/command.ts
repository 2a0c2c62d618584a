/** How a program of Postgres is started, which refuses to be root. */
import { statSync } from 'node:fs';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * How to run a Postgres program for a cluster. Postgres refuses to be root; then it runs as the cluster's owner, or as
 * `daemon` for a new one. The one capability that it keeps lets it through folders which are closed to others, such
 * as root's own home, so that nothing outside the cluster needs another owner or mode.
 */
export function toCommand(program: string, args: readonly string[], cluster: string): Command {
  if (process.getuid?.() !== 0) return { file: program, args };
  const owner = statSync(cluster, { throwIfNoEntry: false });
  const [user, group] = owner && owner.uid !== 0 ? [owner.uid, owner.gid] : ['daemon', 'daemon'];
  const account = [`--reuid=${user}`, `--regid=${group}`, '--clear-groups'];
  // access(2) honours the capability only if the change of user leaves the others alone.
  const capabilities = ['--securebits=+no_setuid_fixup', ...['inh', 'ambient'].map(keepAccess)];
  return { file: 'setpriv', args: [...account, ...capabilities, program, ...args] };
}

/** For people: why a program could not even be started. */
export function toStartError(cause: unknown, { file }: Command): Error {
  return file === 'setpriv'
    ? new Error(
        'Postgres refuses to run as root, and setpriv (of util-linux) is not there to run it as another: run as an ordinary user, or set DATABASE_URL',
        { cause },
      )
    : new Error(`${file} can't run on this machine: set DATABASE_URL`, { cause });
}

function keepAccess(set: string): string {
  return `--${set}-caps=-all,+dac_override`;
}

/**
 * Lets scripts written for Upstash run on a plain Redis: `allow-key-locking` in a script's first line, which
 * only Upstash knows, is dropped. The script then has another SHA-1, so the one the caller knows is kept
 * with it. The bookkeeping is this process' own: after a restart `EVALSHA` answers NOSCRIPT, and clients
 * send the script again.
 */

import { createHash } from 'node:crypto';
import { BoundedMap } from '../lib/core/bounded-map.ts';
import { toName, type Argument, type Command } from './command.ts';

interface Scripts {
  /** The command that Redis understands. `loadedAs` is the SHA-1 that `SCRIPT LOAD` must answer with. */
  readonly adapt: (command: Command) => { readonly command: Command; readonly loadedAs?: string };
}

/** `capacity` is how many SHA-1s are remembered; the least recently used is forgotten. */
export function createScripts({ capacity = 1000 }: { capacity?: number } = {}): Scripts {
  const plainBy = new BoundedMap<string, string>(capacity);

  function toPlainSha(sha: Argument): Argument {
    const original = sha.toString().toLowerCase();
    const plain = plainBy.get(original);
    if (plain === undefined) return sha;
    plainBy.set(original, plain);
    return plain;
  }

  function toPlain(script: Argument): { readonly text: Argument; readonly sha?: string } {
    const text = dropFlag(script);
    if (text === script) return { text };
    const sha = toSha(script);
    plainBy.set(sha, toSha(text));
    return { text, sha };
  }

  return {
    adapt(command) {
      const [verb, script, ...rest] = command;
      if (script === undefined) return { command };
      switch (toName(command)) {
        case 'EVAL':
        case 'EVAL_RO':
          return { command: [verb, toPlain(script).text, ...rest] };
        case 'EVALSHA':
        case 'EVALSHA_RO':
          return plainBy.size === 0 ? { command } : { command: [verb, toPlainSha(script), ...rest] };
        case 'SCRIPT':
          return adaptScript(command, rest, verb, script);
        default:
          return { command };
      }
    },
  };

  function adaptScript(command: Command, rest: readonly Argument[], verb: Argument, sub: Argument) {
    const name = toName(command, 1);
    if (name === 'EXISTS') return { command: [verb, sub, ...rest.map(toPlainSha)] as const };
    const [script, ...more] = rest;
    if (name !== 'LOAD' || script === undefined) return { command };
    const { text, sha } = toPlain(script);
    return { command: [verb, sub, text, ...more] as const, ...(sha !== undefined && { loadedAs: sha }) };
  }
}

function toSha(script: Argument): string {
  return createHash('sha1').update(script).digest('hex');
}

/** The script without the flag; the very same object when it has none. */
function dropFlag(script: Argument): Argument {
  const text = typeof script === 'string' ? script : script.toString('latin1');
  if (!text.startsWith('#!')) return script;
  const [line = ''] = text.split('\n', 1);
  const kept = line.replace(/\s+flags=(\S*)/, (whole, list: string) => {
    const flags = list.split(',');
    const plain = flags.filter((flag) => flag !== 'allow-key-locking');
    if (plain.length === flags.length) return whole;
    return plain.length === 0 ? '' : ` flags=${plain.join(',')}`;
  });
  if (kept === line) return script;
  const plain = kept + text.slice(line.length);
  return typeof script === 'string' ? plain : Buffer.from(plain, 'latin1');
}

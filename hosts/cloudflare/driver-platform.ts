/**
 * What the build of postgres.js for Workers asks of its platform. Bundled in the place of its own `polyfills.js`, which brings a
 * socket that ours replaces (`dial.ts`), and in plain JavaScript what workerd has by itself now: 3 kB.
 */
import * as nodeCrypto from 'node:crypto';
import { isIP } from 'node:net';
import type { WorkersSocket } from './dial.ts';

export const net = { isIP };
export const tls = { connect: ({ socket }: { readonly socket: WorkersSocket }) => socket.startTls() };
export const crypto = nodeCrypto;
export const performance = globalThis.performance;
// What it would read of the environment and of files, our connection strings say.
export const process = { env: {} };
export const os = { userInfo: () => ({ username: 'postgres' }) };
export const fs = {};

const waiting = new Set<symbol>();

/** Behind what runs now, and not behind timers: statements of one turn leave in one packet. */
export function setImmediate(work: () => void): symbol {
  const id = Symbol();
  waiting.add(id);
  queueMicrotask(() => {
    if (waiting.delete(id)) work();
  });
  return id;
}

export const clearImmediate = (id: symbol) => waiting.delete(id);

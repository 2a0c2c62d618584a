/**
 * A link to a Redis Cluster. `@redis/client` finds the node of a command, follows its moves, and splits and
 * gathers the commands that concern several nodes (DEL, MGET, DBSIZE, SCAN, SCRIPT LOAD, ...).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createCluster, ErrorReply } from '@redis/client';
import { withDeadline } from '../db/deadline.ts';
import { parseCommandTable, toFirstKey, type CommandTable } from './command-table.ts';
import { toName, type Command } from './command.ts';
import {
  commonOptions,
  connectTimeoutMs,
  createConnection,
  retryMs,
  toReadingOptions,
  transact,
  type RedisConnection,
} from './connection.ts';
import type { Link, LinkOptions } from './link.ts';
import type { ReadAs, Reply } from './reply.ts';

// These may go to several nodes, and then start later than a command that was sent after them.
const spreading = new Set(['DEL', 'EXISTS', 'MGET', 'MSET', 'MSETNX', 'TOUCH', 'UNLINK']);

/** `graceMs` is how long calls in flight may go on over connections that were given up. */
export function createClusterLink(
  urls: readonly [string, ...string[]],
  { vet, budget, onReady, onAway, graceMs }: LinkOptions & { readonly graceMs: number },
): Link {
  const { username, password, protocol } = new URL(urls[0]);
  interface Current {
    readonly cluster: ReturnType<typeof create>;
    readonly table: CommandTable;
  }
  interface Node {
    readonly host: string;
    readonly port: number;
  }
  let current: Current | undefined;
  let isOpening = false;
  let isDestroyed = false;

  function create() {
    const cluster = createCluster({
      RESP: 2,
      rootNodes: urls.map((url) => ({ url })),
      // One dead node must not keep the others from being reached.
      minimizeConnections: true,
      commandOptions: commonOptions.commandOptions,
      defaults: {
        ...commonOptions,
        ...(username !== '' && { username: decodeURIComponent(username) }),
        ...(password !== '' && { password: decodeURIComponent(password) }),
        socket: { connectTimeout: connectTimeoutMs, tls: protocol === 'rediss:' },
      },
    });
    cluster.on('error', onAway);
    cluster.on('node-error', onAway);
    cluster.on('node-ready', ({ host, port }: { host: string; port: number }) => {
      const node = cluster.masters.find((master) => master.host === host && master.port === port);
      if (node?.client) budget?.watch(node.client);
      if (current !== undefined) onReady();
    });
    return cluster;
  }

  async function attempt(): Promise<Current> {
    const cluster = create();
    const timer = setTimeout(() => {
      cluster.destroy();
    }, connectTimeoutMs);
    try {
      await cluster.connect();
      const table = parseCommandTable(await cluster.sendCommand<Reply>(undefined, true, ['COMMAND']));
      clearTimeout(timer);
      const isFit = await Promise.all(cluster.masters.map((node) => vetNode(node, table)));
      if (isFit.includes(false)) throw new Error('the Redis user may do too much');
      return { cluster, table };
    } catch (error) {
      clearTimeout(timer);
      cluster.destroy();
      throw error;
    }
  }

  /** Each node has users of its own. One that can't be asked must not keep the others from being reached. */
  async function vetNode(node: Node, table: CommandTable): Promise<boolean> {
    if (vet === undefined || current !== undefined) return true;
    const connection = connectTo(node);
    connection.on('error', () => undefined);
    try {
      const vetted = connection.connect().then(() => vet(connection, table));
      return await withDeadline(connectTimeoutMs, vetted);
    } catch {
      return true;
    } finally {
      connection.destroy();
    }
  }

  function connectTo({ host, port }: Node): RedisConnection {
    const url = new URL(urls[0]);
    url.host = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    return createConnection(url.href, { lasting: false });
  }

  async function open(): Promise<void> {
    while (!isDestroyed) {
      try {
        const fresh = await attempt();
        const previous = current;
        current = fresh;
        // What is in flight on the connections that still work may come to its end.
        setTimeout(() => previous?.cluster.destroy(), graceMs).unref();
        if (isDestroyed) fresh.cluster.destroy();
        else onReady();
        return;
      } catch (error) {
        onAway(error);
        await sleep(retryMs, undefined, { ref: false });
      }
    }
  }

  function renew() {
    if (isOpening || isDestroyed) return;
    isOpening = true;
    void open().finally(() => {
      isOpening = false;
    });
  }

  renew();

  async function sendOne({ cluster, table }: Current, command: Command, readAs: ReadAs): Promise<Reply> {
    const options = toReadingOptions(readAs);
    try {
      return await cluster.sendCommand<Reply>(toFirstKey(table, command), false, [...command], options);
    } catch (error) {
      // Nothing of the network's, which has codes and classes: the client could not make sense of the command.
      if (error instanceof Error && error.constructor === Error && !('code' in error)) {
        throw new ErrorReply(`ERR ${error.message}`);
      }
      throw error;
    }
  }

  return {
    table: () => current?.table,
    send: (commands, readAs) => {
      const target = current;
      if (target === undefined) return commands.map(() => Promise.reject(new Error('no cluster')));
      const replies: Promise<Reply>[] = [];
      let barrier: Promise<unknown> | undefined;
      for (const command of commands) {
        const isBarrier = spreading.has(toName(command)) || toFirstKey(target.table, command) === undefined;
        if (isBarrier && replies.length > 0) barrier = Promise.allSettled([...replies]);
        const start = () => sendOne(target, command, readAs);
        const reply = barrier === undefined ? start() : barrier.then(start);
        replies.push(reply);
        if (isBarrier) barrier = reply.catch(() => undefined);
      }
      return replies;
    },
    transact: async (commands) => {
      if (current === undefined) throw new Error('no cluster');
      const { cluster, table } = current;
      const key = commands.map((command) => toFirstKey(table, command)).find((found) => found !== undefined);
      if (key === undefined) return transact(await cluster.nodeClient(cluster.getRandomNode()), commands);
      try {
        return await transact(await cluster.getNodeClientForKey(key), commands);
      } catch (error) {
        if (!isMoved(error)) throw error;
      }
      // Nothing ran. The client follows the move with any command, and then knows the right node.
      await cluster.sendCommand(key, false, ['EXISTS', key]);
      try {
        return await transact(await cluster.getNodeClientForKey(key), commands);
      } catch (error) {
        // It is the right node, but not for all of the keys.
        throw isMoved(error)
          ? new ErrorReply("CROSSSLOT Keys in request don't hash to the same slot")
          : error;
      }
    },
    dedicate: (scope) => {
      const masters = current?.cluster.masters ?? [];
      const chosen = scope === 'all' ? masters : masters.slice(0, 1);
      return chosen.map(connectTo);
    },
    renew,
    destroy: () => {
      isDestroyed = true;
      current?.cluster.destroy();
    },
  };
}

function isMoved(error: unknown): boolean {
  return error instanceof ErrorReply && error.message.startsWith('MOVED ');
}

/** A link to one server, over one connection that all callers share. */
import { parseCommandTable, type CommandTable } from './command-table.ts';
import {
  connectTimeoutMs,
  createConnection,
  toReadingOptions,
  transact,
  type RedisConnection,
} from './connection.ts';
import type { Link, LinkOptions } from './link.ts';
import type { Reply } from './reply.ts';

export function createSingleLink(url: string, { vet, budget, onReady, onAway }: LinkOptions): Link {
  let table: CommandTable | undefined;
  let connection = connect();

  function connect() {
    const fresh = createConnection(url, { lasting: true });
    budget?.watch(fresh);
    let greeting: NodeJS.Timeout | undefined;
    fresh.on('connect', () => {
      clearTimeout(greeting);
      // A hung server still accepts connections, and then never answers.
      greeting = setTimeout(() => {
        if (fresh === connection) renew();
      }, connectTimeoutMs);
    });
    fresh.on('ready', () => {
      clearTimeout(greeting);
      void prepare(fresh);
    });
    fresh.on('error', (error) => {
      clearTimeout(greeting);
      onAway(error);
    });
    // Rejects when the connection is destroyed while it is being made, and then nobody waits for it.
    fresh.connect().catch(() => undefined);
    return fresh;
  }

  /** Before there is a table, nobody else uses the connection. */
  async function prepare(fresh: RedisConnection): Promise<void> {
    try {
      const told = parseCommandTable(await fresh.sendCommand<Reply>(['COMMAND']));
      if (vet && table === undefined && !(await vet(fresh, told)))
        throw new Error('the Redis user may do too much');
      if (fresh !== connection) return;
      table = told;
      onReady();
    } catch (error) {
      onAway(error);
    }
  }

  function renew() {
    connection.destroy();
    connection = connect();
  }

  return {
    table: () => (connection.isReady ? table : undefined),
    send: (commands, readAs) => {
      const options = toReadingOptions(readAs);
      return commands.map((command) => connection.sendCommand<Reply>(command, options));
    },
    transact: (commands) => transact(connection, commands),
    dedicate: () => [createConnection(url, { lasting: false })],
    renew,
    destroy: () => {
      connection.destroy();
    },
  };
}

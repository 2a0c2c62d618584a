/** A link to one server, over one connection that all callers share. */
import { parseCommandTable, type CommandTable } from './command-table.ts';
import { connectTimeoutMs, createConnection, retryMs, toReadingOptions, transact } from './connection.ts';
import type { Link, LinkOptions } from './link.ts';
import type { Reply } from './reply.ts';

export function createSingleLink(url: string, { vet, budget, onReady, onAway }: LinkOptions): Link {
  let table: CommandTable | undefined;
  /** What is to be done unless the connection tells something of itself before. */
  let timer: NodeJS.Timeout | undefined;
  let connection = connect();

  function connect() {
    const fresh = createConnection(url, { lasting: true });
    budget?.watch(fresh);
    fresh.on('connect', () => {
      // A hung server still accepts connections, and then never answers.
      if (fresh === connection) wait(connectTimeoutMs, renew);
    });
    fresh.on('ready', () => {
      if (fresh !== connection) return;
      clearTimeout(timer);
      void prepare();
    });
    fresh.on('error', (error) => {
      if (fresh === connection) clearTimeout(timer);
      onAway(error);
    });
    // Rejects when the connection is destroyed while it is being made, and then nobody waits for it.
    fresh.connect().catch(() => undefined);
    return fresh;
  }

  function wait(milliseconds: number, next: () => void) {
    clearTimeout(timer);
    timer = setTimeout(next, milliseconds);
  }

  /** Before there is a table, nobody else uses the connection. */
  async function prepare(): Promise<void> {
    const fresh = connection;
    try {
      const told = parseCommandTable(await fresh.sendCommand<Reply>(['COMMAND']));
      if (vet && table === undefined && !(await vet(fresh, told)))
        throw new Error('the Redis user may do too much');
      if (fresh !== connection) return;
      table = told;
      onReady();
    } catch (error) {
      onAway(error);
      // One that was lost comes back by itself. A vetting that broke off may have left it in a transaction.
      if (fresh === connection && fresh.isReady)
        wait(retryMs, table === undefined ? renew : () => void prepare());
    }
  }

  function renew() {
    clearTimeout(timer);
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
      clearTimeout(timer);
      connection.destroy();
    },
  };
}

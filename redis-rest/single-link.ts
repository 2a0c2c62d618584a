/** A link to one server, over one connection that all callers share. */

import { parseCommandTable, type CommandTable } from './command-table.ts';
import { connectTimeoutMs, createConnection, resp2Mapping, transact } from './connection.ts';
import type { Link, LinkEvents } from './link.ts';
import type { Reply } from './reply.ts';

const resp2Options = { typeMapping: resp2Mapping };

export function createSingleLink(url: string, { onReady, onAway }: LinkEvents): Link {
  let table: CommandTable | undefined;
  let connection = connect();

  function connect() {
    const fresh = createConnection(url, { lasting: true });
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
      fresh.sendCommand<Reply>(['COMMAND']).then((reply) => {
        table = parseCommandTable(reply);
        onReady();
      }, onAway);
    });
    fresh.on('error', (error) => {
      clearTimeout(greeting);
      onAway(error);
    });
    // Rejects when the connection is destroyed while it is being made, and then nobody waits for it.
    fresh.connect().catch(() => undefined);
    return fresh;
  }

  function renew() {
    connection.destroy();
    connection = connect();
  }

  return {
    table: () => (connection.isReady ? table : undefined),
    send: (commands, format) =>
      commands.map((command) =>
        connection.sendCommand<Reply>(command, format === 'resp2' ? resp2Options : undefined),
      ),
    transact: (commands) => transact(connection, commands),
    dedicate: () => [createConnection(url, { lasting: false })],
    renew,
    destroy: () => {
      connection.destroy();
    },
  };
}

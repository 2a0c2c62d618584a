import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { createRestConnections } from './rest-connections.ts';

test('a connection is used again within four seconds, and opened anew by a function that was frozen for longer', async () => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('[]'));
  }).listen(0, '127.0.0.1');
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await once(server, 'listening');
  let time = 1_000_000;
  const { send, close } = createRestConnections({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'token',
    deadlineMs: 5000,
    now: () => time,
  });
  after(() => {
    close();
    server.close();
  });
  const openedAfter = async (passedMs: number): Promise<number> => {
    time += passedMs;
    await send([]);
    return connections;
  };
  assert.deepEqual(
    [await openedAfter(0), await openedAfter(4000), await openedAfter(4001), await openedAfter(0)],
    [1, 1, 2, 2],
  );
});

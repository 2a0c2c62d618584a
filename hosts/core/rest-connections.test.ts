import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { createRestConnections } from './rest-connections.ts';

test('a connection is used again within four seconds, and opened anew after longer, whatever others were used meanwhile', async () => {
  const waiting: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      waiting.push(response);
      server.emit('asked');
    });
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
  /** So many at once, all of which are there before any is answered; and how many connections there were until then. */
  const ask = async (atOnce: number, passedMs: number): Promise<number> => {
    time += passedMs;
    const answers = Array.from({ length: atOnce }, () => send([]));
    while (waiting.length < atOnce) await once(server, 'asked');
    for (const response of waiting.splice(0)) response.end('[]');
    await Promise.all(answers);
    return connections;
  };
  assert.deepEqual([await ask(1, 0), await ask(1, 4000), await ask(1, 4001)], [1, 1, 2]);
  assert.equal(await ask(2, 0), 3);
  // One of the two is used, and the other one too old after that.
  assert.equal(await ask(1, 3000), 3);
  assert.equal(await ask(2, 3000), 4);
});

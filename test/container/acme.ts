/**
 * Stands where Let's Encrypt's staging server would be, and passes everything on to Pebble. Writes down what accounts are
 * asked for with, which Pebble tells nobody.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where the directory is: there at Let's Encrypt, here at Pebble. */
const directory = { asked: '/directory', given: '/dir' };
const newAccount = '/sign-me-up';
const challenge = '/chalZ/';

/** JWS in JSON (RFC 8555, section 6.2). */
function toPayload(body: string): string {
  const { payload } = JSON.parse(body) as { payload: string };
  return Buffer.from(payload, 'base64url').toString();
}

async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  if (request.url === newAccount) process.stdout.write(`account ${toPayload(body)}\n`);
  // Nobody out there looks for the proof at once, and a Traefik that has just started does not have it at once.
  if (request.url?.startsWith(challenge)) await sleep(1000);
  // With the Host that was asked for: Pebble makes its addresses of it, and they are signed.
  const onward = https.request(
    {
      host: 'pebble',
      servername: 'pebble',
      port: 14000,
      method: request.method,
      path: request.url === directory.asked ? directory.given : request.url,
      headers: request.headers,
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', ({ message }) => {
    process.stdout.write(`${request.url ?? ''}: ${message}\n`);
    response.writeHead(502).end();
  });
  onward.end(body);
}

const files = { cert: readFileSync('/acme/certificate.pem'), key: readFileSync('/acme/key.pem') };
https.createServer(files, (request, response) => void passOn(request, response)).listen(443);
process.on('SIGTERM', () => process.exit(0));

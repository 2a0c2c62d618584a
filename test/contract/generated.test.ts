/**
 * The document the other way round: what its schemas let through is refused for its form by no route, what they refuse is
 * taken by none, and nothing of it is answered by a 5xx.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { compile } from '../../contract/conformance.ts';
import { findOperation, findPath, toPointer } from '../../contract/document.ts';
import { type Endpoint, endpoints } from '../../contract/endpoints.ts';
import { startBlockbot } from '../support/blockbot.ts';
import { bend, toArbitrary } from './arbitrary-body.ts';
import { callAlone } from './call-alone.ts';

const bot = await startBlockbot();
// The same bodies in every run: what is found once stays found.
const seed = 20_261_126;

for (const endpoint of endpoints.filter(({ takesBody, takesForm }) => takesBody && !takesForm)) {
  suite(`${endpoint.method} ${endpoint.path}`, async () => {
    const path = findPath(endpoint.path) ?? endpoint.path;
    const schema = findOperation(path, endpoint.method)?.requestBody?.content['application/json']?.schema;
    assert.ok(schema);
    const steps = ['requestBody', 'content', 'application/json', 'schema'];
    const validate = compile(toPointer('#', ['paths', path, endpoint.method.toLowerCase(), ...steps]));
    const valid = toArbitrary(schema) as fc.Arbitrary<Record<string, unknown>>;
    const send = await createSender(endpoint);

    test('refuses no body of its schema for its form', async () => {
      const property = fc.asyncProperty(valid, async (body) => {
        assert.ok(validate(body), JSON.stringify(validate.errors));
        const { status, text } = await send(body);
        assert.ok(status !== 422 && status !== 400 && status < 500, `${status} ${text}`);
      });
      await fc.assert(property, { numRuns: 100, seed });
    });

    test('takes no body that its schema refuses', async () => {
      const bent = valid.chain((body) => bend(body)).map((body): unknown => JSON.parse(JSON.stringify(body)));
      const property = fc.asyncProperty(bent, async (body) => {
        fc.pre(!validate(body));
        const { status, text } = await send(body);
        assert.equal(status, 422, text);
      });
      await fc.assert(property, { numRuns: 200, seed, maxSkipsPerRun: 1000 });
    });
  });
}

async function createSender(endpoint: Endpoint) {
  const account = endpoint.needsUser ? await bot.register() : undefined;
  return async (body: unknown) => {
    // One account asks it all, which is more than its limits have room for.
    for (const policy of account ? endpoint.policies : []) {
      await bot.services.rateLimits.reset(policy, `user:${account?.user.id ?? ''}`);
    }
    const response = await callAlone(bot, endpoint, {
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
      ...(account && { token: account.access_token }),
    });
    return { status: response.status, text: await response.text() };
  };
}

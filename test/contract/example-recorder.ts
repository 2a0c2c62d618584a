/** Writes down what a test sends and is answered, without what differs from one run to the next. */
import type { TestBlockbot, TestRequest } from '../support/blockbot.ts';
import { type Endpoint, sampleId } from '../../contract/endpoints.ts';

type Named = Record<string, unknown>;

interface Recorded {
  readonly requests: Named;
  readonly responses: Record<string, Named>;
}

export interface ExampleRecorder {
  /** Asks and answers the body. What was accepted is an example of a request, by its title where there are several. */
  readonly ask: (name: string, request?: ExampleRequest) => Promise<Record<string, unknown>>;
  /** As `contract/examples.json` has it. */
  readonly toText: () => string;
}

export interface ExampleRequest extends TestRequest {
  readonly title?: string;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** In place of those in the path, in their order. */
  readonly ids?: readonly string[];
}

export function createExampleRecorder(
  bot: Pick<TestBlockbot, 'send'>,
  endpoints: readonly Endpoint[],
  recorded = new Map<string, Recorded>(),
): ExampleRecorder {
  return {
    ask: async (name, { title = 'example', ids = [], form, ...request } = {}) => {
      const endpoint = endpoints.find((candidate) => candidate.name === name);
      if (!endpoint) throw new Error(`there is no ${name}`);
      const inPath = ids.values();
      const path = endpoint.path.replaceAll(sampleId, (sample) => inPath.next().value ?? sample);
      const sent = { address: '203.0.113.7', ...request, ...(form && toForm(form)) };
      const headers = { 'User-Agent': 'curl/8.5.0', ...sent.headers };
      const response = await bot.send(endpoint.method, path, { ...sent, headers });
      const text = await response.text();
      const body = toObject(text, response);
      const { requests, responses } = recorded.get(name) ?? { requests: {}, responses: {} };
      recorded.set(name, { requests, responses });
      // The first of each is the plainest.
      const given = form ?? request.body;
      if (response.ok && given !== undefined) requests[title] ??= steady(given);
      if (body) {
        const key = typeof body['type'] === 'string' ? body['type'].replace(/.*\//, '') : 'example';
        responses[response.status] = { [key]: steady(body), ...responses[response.status] };
      }
      return body ?? {};
    },
    toText: () => `${JSON.stringify(Object.fromEntries([...recorded].sort(byName)), null, 2)}\n`,
  };
}

const toForm = (fields: Readonly<Record<string, string>>): TestRequest => ({
  body: new URLSearchParams(fields).toString(),
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
});

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) =>
  one < other ? -1 : 1;

function toObject(text: string, { headers }: Response): Record<string, unknown> | undefined {
  const isJson = /json$/.test(headers.get('content-type') ?? '');
  return isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : undefined;
}

/** By the name of the member. Each is as long as a real one, and plainly none. */
const placeholders: Readonly<Record<string, unknown>> = {
  access_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJzYW1wbGUifQ.c2FtcGxl',
  refresh_token: `bbrt_${'sample-refresh-token-'.repeat(5).slice(0, 91)}`,
  device_token: 'sample-device-token-'.repeat(4).slice(0, 72),
  binding: 'sample-binding-'.repeat(3).slice(0, 43),
  token: 'sample-link-token-'.repeat(3).slice(0, 43),
  code: '123456',
  app_code: 'sample-app-code-'.repeat(3).slice(0, 43),
  kid: 'sample-kid01',
  x: 'sample-public-key-'.repeat(3).slice(0, 43),
  y: 'sample-public-key-'.repeat(3).slice(0, 43),
  next: 'sample-cursor-'.repeat(7).slice(0, 86),
  observedValue: 1,
  request_id: '01a21739-bcf4-75b3-9b92-9b8c63523e8a',
};

function steady(value: unknown): unknown {
  const ids = new Map<string, string>();
  const text = JSON.stringify(value, (key, member: unknown) => {
    if (member === null || typeof member === 'object') return member;
    if (key in placeholders && key !== 'code') return placeholders[key];
    // The code of a field's error is no secret.
    if (key === 'code' && /^\d{6}$/.test(String(member))) return placeholders[key];
    if (key === 'code' && /^[\w-]{43}$/.test(String(member))) return placeholders['app_code'];
    return typeof member === 'string' ? steadyText(member, ids) : member;
  });
  return JSON.parse(text);
}

function steadyText(text: string, ids: Map<string, string>): string {
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return '2026-11-26T09:39:48.680Z';
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/.test(text)) {
    const known = ids.get(text) ?? `01a21739-b948-7000-8000-${String(ids.size + 1).padStart(12, '0')}`;
    ids.set(text, known);
    return known;
  }
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return '2026-11-26';
  if (text.startsWith('bbk_')) return 'bbk_sample-key-'.repeat(6).slice(0, text.length);
  // A link ends in its token.
  return text
    .replace(/-[0-9a-f]{10}$/, '-fa78f639ee')
    .replace(/#[\w-]{43}$/, `#${String(placeholders['token'])}`);
}

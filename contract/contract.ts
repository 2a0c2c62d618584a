/** The whole contract against one target, with all that it answered, for comparison with others. */
import { type Endpoint, everyEndpoint } from './endpoints.ts';
import { type ReceivedResponse, createAsk, headerOf, type Target } from './ask.ts';
import { toBrowserSteps } from './browser-story.ts';
import { assertDocumented } from './conformance.ts';
import { toEndpointSteps } from './endpoint-steps.ts';
import { readOnlySteps } from './read-only.ts';
import { runSteps, type StepResult } from './steps.ts';
import { toStorySteps } from './story-steps.ts';

export const corsOrigin = 'https://app.example.com';

export interface ContractTarget extends Target {
  /** Who refuses a method: the router of all functions, the function that was asked, or the first at its path. */
  readonly refusedBy: 'all' | 'itself' | 'first';
}

export interface ContractRun {
  readonly results: readonly StepResult[];
  /** By step, in order, without what differs from one request to the next. */
  readonly answers: ReadonlyMap<string, readonly ComparableResponse[]>;
}

export interface ComparableResponse {
  readonly asked: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @param names the functions that the target has; all unless told */
export async function runContract(
  target: ContractTarget,
  names: ReadonlySet<string> = new Set(everyEndpoint.map(({ name }) => name)),
): Promise<ContractRun> {
  const all = [
    ...readOnlySteps,
    ...everyEndpoint.flatMap((endpoint) =>
      toEndpointSteps(endpoint, { allowed: toAllowed(endpoint, target.refusedBy), corsOrigin }),
    ),
    ...toStorySteps(),
    ...toBrowserSteps(),
  ];
  const steps = all.filter(({ name }) => names.has(name));
  const answers = new Map<string, ComparableResponse[]>();
  let responses: ComparableResponse[] = [];
  const ask = createAsk(target, (response, asked) => {
    responses.push(toComparable(response, asked));
    const [method = '', url = ''] = asked.split(' ');
    assertDocumented({ method, url, ...response, header: (name) => headerOf(response, name) });
  });
  const results = await runSteps(steps, ask, ({ name, title }) => {
    answers.set(`${name} ${title}`, responses);
    responses = [];
  });
  return { results, answers };
}

/** The methods that a refusal of another one names. */
function toAllowed(endpoint: Endpoint, refusedBy: ContractTarget['refusedBy']): readonly string[] {
  const here = everyEndpoint.filter(({ path }) => path === endpoint.path);
  const there = { all: here, itself: [endpoint], first: here.slice(0, 1) }[refusedBy];
  const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  return there
    .map(({ method }) => method)
    .toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
    .flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

/** Of the connection and not of the response, or another one each time. */
const passing = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'x-request-id']);

function toComparable({ status, headers, body }: ReceivedResponse, asked: string): ComparableResponse {
  // What was measured or counted has as many digits as it has, and the use of a key is there once it is written down.
  const isMeasured = /"(?:observedValue|sent|last_used_at|usage)":/.test(body);
  const kept = headers
    .filter(([name]) => !passing.has(name) && !(isMeasured && name === 'content-length'))
    .map(([name, value]) => [name, steady(value)] as const);
  const joined: Record<string, string> = {};
  for (const [name, value] of kept) joined[name] = name in joined ? `${joined[name]}\n${value}` : value;
  return { asked: steady(asked), status, headers: joined, body: steady(body) };
}

const unsteady: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>'],
  [/(?<=name="text_id" value=")[0-9a-f]{64}/g, '<text id>'],
  [/(?<="next":"|after=)[\w-]{86}/g, '<cursor>'],
  [/(?<=#|"token":")[\w-]{43}(?=")/g, '<token>'],
  [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<access token>'],
  [/bbrt_[\w-]{20,}/g, '<refresh token>'],
  [/bbk_[0-9A-Za-z]{22}(?:_[0-9A-Za-z]{49})?/g, '<api key>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>'],
  [/\w{3} \d{1,2}, \d{4}, \d\d:\d\d UTC/g, '<minute>'],
  [/-[0-9a-f]{10}(?=["<\s])/g, '-<slug>'],
  [/(__Host-asked=)[^;]+/g, '$1<binding>'],
  [/("binding":")[\w-]{43}/g, '$1<binding>'],
  [/(__Host-device=|"device_token":")[\w-]{72}/g, '$1<device token>'],
  [/(;t=)\d+/g, '$1<seconds>'],
  // What is left of a quarter of an hour, in seconds, a moment after it began.
  [/^(?:89\d|900)$/, '<15 minutes>'],
  // What is left of 90 days a moment after they began.
  [/Max-Age=77(?:76000|759\d\d)/g, 'Max-Age=<90 days>'],
  [/("(?:sent|failed|dead)":)\d+/g, '$1<number>'],
  [/("observedValue":)[\d.]+/g, '$1<number>'],
  // In a process once a minute, in a bundle behind the answer.
  [/("last_used_(?:at|network)":)(?:null|"[^"]*")/g, '$1<use>'],
  [/("usage":)\[[^\]]*\]/g, '$1<uses>'],
];

function steady(text: string): string {
  return unsteady.reduce((changed, [form, name]) => changed.replace(form, name), text);
}

/** One line for each response that is not the reference's, apart from what the platform is known to force. */
export function findDifferences(
  reference: ContractRun,
  run: ContractRun,
  forced: (difference: Difference) => boolean,
): readonly string[] {
  const differences = [...run.answers].flatMap(([step, answers]) => {
    const expected = reference.answers.get(step) ?? [];
    return answers.flatMap((response, nth) => compare(step, expected[nth], response));
  });
  return [...new Set(differences.filter((difference) => !forced(difference)).map(toLine))];
}

export interface Difference {
  readonly step: string;
  readonly asked: string;
  /** `status`, `body`, or a header's name. */
  readonly part: string;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

function compare(
  step: string,
  expected: ComparableResponse | undefined,
  actual: ComparableResponse,
): Difference[] {
  const toParts = (response: ComparableResponse | undefined): Readonly<Record<string, string>> =>
    response ? { ...response.headers, status: String(response.status), body: response.body } : {};
  const [wanted, got] = [toParts(expected), toParts(actual)];
  return [...new Set([...Object.keys(wanted), ...Object.keys(got)])]
    .filter((part) => wanted[part] !== got[part])
    .map((part) => ({ step, asked: actual.asked, part, expected: wanted[part], actual: got[part] }));
}

const toLine = ({ step, asked, part, expected, actual }: Difference) =>
  `${step}: ${asked}: ${part} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;

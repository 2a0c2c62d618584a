/** The body of a request: bounded, JSON (RFC 8259), and of the door's own schema (`json` in a guard). */
import type * as z from 'zod/mini';
import type { BodyRule } from './guard.ts';
import { type FieldError, Problem } from './problem.ts';

/** Bytes that a body may have. */
const maximumLength = 65_536;

/**
 * @throws {Problem} `unsupported-media-type`, `content-too-large`, `malformed-request`, or `invalid-input` with the
 * fields to blame
 */
export function json<Schema extends z.ZodMiniType>(schema: Schema): BodyRule<z.output<Schema>> {
  return {
    parse: async (request) => {
      // The input of an issue only tells a missing field from one of another type; it goes nowhere.
      const result = schema.safeParse(parseJson(await readText(request)), { reportInput: true });
      if (!result.success) throw new Problem('invalid-input', { errors: toFieldErrors(result.error.issues) });
      return result.data;
    },
  };
}

async function readText(request: Request): Promise<string> {
  const type = request.headers.get('content-type') ?? '';
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (!/^application\/json[ \t]*(?:;|$)/i.test(type) || encoding !== 'identity') {
    throw new Problem('unsupported-media-type', {}, { headers: { Accept: 'application/json' } });
  }
  const length = request.headers.get('content-length');
  if (length !== null && Number(length) > maximumLength) throw new Problem('content-too-large');
  // An HTTP parser holds a body to the length it declares, so that only one without is counted as it comes. Not every
  // platform has such a parser between us and the caller: what was read is measured again.
  const bytes = length === null ? await readBounded(request) : new Uint8Array(await request.arrayBuffer());
  if (bytes.byteLength > maximumLength) throw new Problem('content-too-large');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem('malformed-request', { detail: 'The body is not UTF-8' }, { cause });
  }
}

async function readBounded(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > maximumLength) throw new Problem('content-too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // V8's message quotes the text, which may hold a password: it is not kept, not even as a cause.
    throw new Problem('malformed-request', { detail: 'The body is not JSON' });
  }
}

type Issue = z.core.$ZodIssue;

/** One error a field, the first: a number that should be a text is not also a text that is too short. */
function toFieldErrors(issues: readonly Issue[]): readonly FieldError[] {
  const errors = issues.flatMap(toErrors);
  return errors.filter(
    ({ pointer }, index) => errors.findIndex((error) => error.pointer === pointer) === index,
  );
}

function toErrors(issue: Issue): readonly FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, 16).map((key) => ({
      pointer: toPointer([...issue.path, key]),
      code: 'unknown',
      detail: 'There is no such field',
    }));
  }
  return [{ pointer: toPointer(issue.path), ...explain(issue) }];
}

function explain(issue: Issue): Omit<FieldError, 'pointer'> {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? { code: 'required', detail: 'This field is required' }
        : { code: 'type', detail: `Must be of type ${issue.expected}` };
    case 'too_small':
      return { code: 'too-short', detail: `Must have at least ${issue.minimum} characters` };
    case 'too_big':
      return { code: 'too-long', detail: `Must have at most ${issue.maximum} characters` };
    default:
      return { code: 'invalid', detail: issue.message };
  }
}

/** RFC 6901, section 6: a pointer as a URI fragment. A name that could be anything is cut, not quoted at length. */
function toPointer(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => {
    const name = String(step).slice(0, 64).toWellFormed();
    return `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
  });
  return `#${steps.join('')}`;
}

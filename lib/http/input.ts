/** What came, held against the schema of an endpoint. */
import type * as z from 'zod/mini';
import { type FieldError, Problem } from '../core/problem.ts';

/** @throws {Problem} `invalid-input` with the fields to blame */
export function parseInput<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  // The input of an issue only tells a missing field from one of another type; it goes nowhere.
  const result = schema.safeParse(input, { reportInput: true });
  if (!result.success) throw new Problem('invalid-input', { errors: toFieldErrors(result.error.issues) });
  return result.data;
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

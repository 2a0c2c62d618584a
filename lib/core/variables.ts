/**
 * Environment variables as operators write them: spaces and line ends around a value mean nothing (an `.env` file written
 * on Windows ends each line by CR LF), an empty value is an unset one (Compose passes it so), and a secret may come from a
 * file instead: `TOKEN_SECRET_FILE=/run/secrets/token_secret`.
 */
import * as z from 'zod/mini';

/** Thrown with one line per fault. A host prints them and stops with exit code 78 (`EX_CONFIG` of sysexits.h). */
export class EnvironmentError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

export type Variables = Readonly<Record<string, string | undefined>>;

export interface VariableSources {
  /** Names of which the value may stand in a file that `NAME_FILE` names. */
  readonly secretNames: readonly string[];
  readonly readFile: (path: string) => string;
  /** Faults that no variable has by itself. It sees texts; of a file that can't be read the name alone, under `NAME_FILE`. */
  readonly contradictions?: (given: Variables) => Iterable<string>;
}

/**
 * @throws {EnvironmentError} with every fault at once, by name and without values
 *
 * @example
 * const { PORT } = parseVariables(z.object({ PORT: integer(0, 65_535) }), process.env, { secretNames: [], readFile });
 */
export function parseVariables<Schema extends z.ZodMiniType>(
  schema: Schema,
  variables: Variables,
  { secretNames, readFile, contradictions = () => [] }: VariableSources,
): z.output<Schema> {
  const faults: string[] = [];
  const given: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(variables)) {
    const trimmed = value?.trim();
    if (trimmed) given[name] = trimmed;
  }
  for (const name of secretNames) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) faults.push(`${name} and ${name}_FILE: set one of them`);
    try {
      const value = readFile(file).trim();
      // Compose mounts the file of every secret, also of one that is not used.
      if (value === '') given[`${name}_FILE`] = undefined;
      else given[name] = value;
    } catch {
      faults.push(`${name}_FILE: the file can't be read`);
    }
  }
  const parsed = z.safeParse(schema, given);
  if (!parsed.success) {
    faults.push(...parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  }
  faults.push(...contradictions(given));
  if (!parsed.success || faults.length > 0) throw new EnvironmentError([...new Set(faults)]);
  return parsed.data;
}

/** What a process is for; unset is `development`. A misspelt `production` must not open what development opens. */
export const mode = z.optional(
  z.enum(['production', 'development', 'test'], 'must be production, development or test'),
);

export function integer(minimum: number, maximum: number) {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return z.pipe(
    z.string().check(z.regex(/^\d{1,9}$/, message)),
    z.pipe(z.transform(Number), z.number().check(z.gte(minimum, message), z.lte(maximum, message))),
  );
}

/** @param message what is wrong with an address that `accepts` refuses, or that is none */
export function url(message: string, accepts: (url: URL) => boolean) {
  return z.string().check(z.refine((value) => URL.canParse(value) && accepts(new URL(value)), message));
}

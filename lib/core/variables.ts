/**
 * Environment variables as operators write them: spaces and line ends around a value mean nothing (an `.env` file written
 * on Windows ends each line by CR LF), an empty value is an unset one (Compose passes it so), and a secret may come from a
 * file instead: `TOKEN_SECRET_FILE=/run/secrets/token_secret`.
 *
 * Read by functions and no schemas: a schema library would weigh 22 kB in each bundle of a function that takes no body.
 */

/** Thrown with one line per fault. A host prints them and stops with exit code 78 (`EX_CONFIG` of sysexits.h). */
export class EnvironmentError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What the text of a variable says.
 *
 * @throws {EnvironmentError} with what is wrong, to stand behind the name of the variable, and never with the text
 */
export type Read<Value> = (text: string) => Value;

/** The same of one that may be unset: `optional(integer(0, 16))`, `withDefault(text, '.data')`. */
export type Variable<Value> = (text: string | undefined) => Value;

/** What the variables of a table say. */
export type ValuesOf<Table extends Readonly<Record<string, Variable<unknown>>>> = {
  readonly [Name in keyof Table as undefined extends ReturnType<Table[Name]> ? never : Name]: ReturnType<
    Table[Name]
  >;
} & {
  readonly [Name in keyof Table as undefined extends ReturnType<Table[Name]> ? Name : never]?: ReturnType<
    Table[Name]
  >;
};

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
 * const { PORT } = parseVariables({ PORT: withDefault(integer(0, 65_535), 3000) }, process.env, { secretNames: [], readFile });
 */
export function parseVariables<Table extends Readonly<Record<string, Variable<unknown>>>>(
  table: Table,
  variables: Variables,
  { secretNames, readFile, contradictions = () => [] }: VariableSources,
): ValuesOf<Table> {
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
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(table)) {
    const own = findFaults(() => {
      const value = variable(given[name]);
      if (value !== undefined) values[name] = value;
    });
    faults.push(...own.map((fault) => `${name}: ${fault}`));
  }
  faults.push(...contradictions(given));
  if (faults.length > 0) throw new EnvironmentError([...new Set(faults)]);
  return values as ValuesOf<Table>;
}

/** What is wrong with a text, as `read` says it. */
export function findFaults(read: () => void): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return error.faults;
  }
}

export const optional =
  <Value>(read: Read<Value>): Variable<Value | undefined> =>
  (given) =>
    given === undefined ? undefined : read(given);

export const withDefault =
  <Value>(read: Read<Value>, otherwise: Value): Variable<Value> =>
  (given) =>
    given === undefined ? otherwise : read(given);

export const text: Read<string> = (given) => given;

/** @param message what is wrong with a text that `accepts` refuses */
export const textThat =
  (message: string, accepts: (given: string) => boolean): Read<string> =>
  (given) => {
    if (!accepts(given)) throw new EnvironmentError([message]);
    return given;
  };

/** Split by commas. */
export const toList = (given = '') => (given === '' ? [] : given.split(',').map((item) => item.trim()));

/** @param message what is wrong with a list of which `accepts` refuses an item */
export const listOf =
  (
    message: string,
    accepts: (item: string) => boolean,
    split: (given: string) => string[] = toList,
  ): Read<string[]> =>
  (given) => {
    const items = split(given);
    if (!items.every(accepts)) throw new EnvironmentError([message]);
    return items;
  };

export function oneOf<Name extends string>(...names: readonly Name[]): Read<Name> {
  return (given) => {
    const name = names.find((each) => each === given);
    if (name === undefined)
      throw new EnvironmentError([`must be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`]);
    return name;
  };
}

/** What a process is for; unset is `development`. A misspelt `production` must not open what development opens. */
export const mode = optional(oneOf('production', 'development', 'test'));

export function integer(minimum: number, maximum: number): Read<number> {
  return (given) => {
    const value = Number(given);
    if (!/^\d{1,9}$/.test(given) || value < minimum || value > maximum)
      throw new EnvironmentError([`must be a whole number from ${minimum} to ${maximum}`]);
    return value;
  };
}

/** @param message what is wrong with an address that `accepts` refuses, or that is none */
export const url = (message: string, accepts: (url: URL) => boolean): Read<string> =>
  textThat(message, (given) => URL.canParse(given) && accepts(new URL(given)));

export const httpAddress = url('must be an http or https address', ({ protocol }) =>
  ['http:', 'https:'].includes(protocol),
);

/** By itself or in a file, also in one that can't be read: of that it is told by itself. */
export const isGiven = (given: Variables, name: string) =>
  (given[name] ?? given[`${name}_FILE`]) !== undefined;

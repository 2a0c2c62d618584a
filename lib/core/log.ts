/**
 * Structured log: one JSON object a line. Whatever text gets into a line passes `redact` first, so that a secret
 * or a mail address inside a driver's error message does not reach the log either.
 */

const levels = { debug: 10, info: 20, warn: 30, error: 40 } as const;

export type LogLevel = keyof typeof levels;
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  readonly debug: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields, cause?: unknown) => void;
}

/**
 * @param options.write takes one finished line, without its line end
 * @param options.toLine how a record is written otherwise than as JSON
 */
export function createLog({
  write,
  level = 'info',
  toLine,
}: {
  write: (line: string) => void;
  level?: LogLevel;
  toLine?: (record: LogFields) => string;
}): Log {
  const toTime = createTimeFormat();
  const record = (name: LogLevel) => (message: string, fields?: LogFields, cause?: unknown) => {
    if (levels[name] < levels[level]) return;
    // By hand: a record that `JSON.stringify` walks over costs twice as much, and every request writes one.
    let line = `{"time":"${toTime(Date.now())}","level":"${name}","message":${toJson(message)}`;
    for (const key in fields) {
      const value = fields[key];
      // Names are ours and need no escape.
      if (value !== undefined) line += `,"${key}":${toJson(value)}`;
    }
    if (cause !== undefined) line += `,"cause":${toJson(describe(cause))}`;
    line += '}';
    write(toLine ? toLine(JSON.parse(line) as LogFields) : line);
  };
  return { debug: record('debug'), info: record('info'), warn: record('warn'), error: record('error') };
}

/** As `Date.prototype.toISOString`, which takes longer: all but the milliseconds is kept for a second. */
function createTimeFormat(): (unixMs: number) => string {
  let second = -1;
  let upToSecond = '';
  return (unixMs) => {
    const ms = unixMs % 1000;
    if (unixMs - ms !== second) {
      second = unixMs - ms;
      upToSecond = new Date(second).toISOString().slice(0, -4);
    }
    return `${upToSecond}${String(ms).padStart(3, '0')}Z`;
  };
}

// All but printable ASCII, what JSON escapes of that, and the characters that every secret has one of.
const needsCare = /[^ !#%-\-/-?A-[\]^`-~]/;

function toJson(value: string | number | boolean): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'boolean') return String(value);
  return needsCare.test(value) ? JSON.stringify(redact(value)) : `"${value}"`;
}

const secrets = [
  /(?<=:\/\/)[^\s/?#]*@/g, // the name and password in a URL's authority, of any length and with any character
  /[^\s@<>"(),:;]{1,64}@[^\s@<>"'(),:;=]{1,255}/g, // a mail address
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, // a JWT
  /\bbbrt_[\w-]+/g, // a refresh token
  /bbk_\w{22}_\w+/g, // an API key, wherever it stands in a word
  /\$(?:argon2\w*|scrypt|pbkdf2[\w-]*|2[aby])\$\S+/g, // a password hash
];

/** Blanks mail addresses, tokens and password hashes wherever they stand. */
export function redact(text: string): string {
  // The characters that every secret has; the usual line has none of them and is left alone at once.
  if (!/[@$]|eyJ|bbrt_|bbk_/.test(text)) return text;
  return secrets.reduce((redacted, secret) => redacted.replace(secret, '[redacted]'), text);
}

/** However it was thrown: an error with what caused it, or a text. Five deep, because causes can be a circle. */
function describe(cause: unknown, depth = 5): string {
  if (!(cause instanceof Error)) {
    return typeof cause === 'object' ? Object.prototype.toString.call(cause) : String(cause);
  }
  // Node's own connection errors say nothing themselves: what failed stands in `errors`.
  const errors: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [];
  const inner = [...errors, ...(cause.cause === undefined ? [] : [cause.cause])];
  const causes = depth > 0 ? inner.map((each) => `\ncaused by: ${describe(each, depth - 1)}`) : [];
  return [cause.stack ?? cause.message, ...causes].join('');
}

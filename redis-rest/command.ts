/** Reads commands out of what an HTTP client sends: a JSON array, an array of them, or a path. */
import { isUtf8 } from 'node:buffer';
import { Rejection } from './rejection.ts';

export type Argument = string | Buffer;

/** A command's name and its arguments. Bytes that are not UTF-8 stay a Buffer. */
export type Command = readonly [Argument, ...Argument[]];

/**
 * The name in upper case; with `position` 1, the subcommand. It ends at a NUL, as in C: Redis finds names by a hash of all
 * bytes, but compares up to there, so that one in some 200 of `BLPOP\0...` is BLPOP.
 */
export function toName(command: Command, position = 0): string {
  const name = (command[position] ?? '').toString();
  const end = name.indexOf('\0');
  return (end === -1 ? name : name.slice(0, end)).toUpperCase();
}

/**
 * `POST /`: one JSON array.
 *
 * @throws {Rejection} 400 when it is none
 */
export function parseCommand(body: Buffer): Command {
  const text = parseText(body);
  return toCommand(parseJson(text), text);
}

/**
 * `POST /pipeline` and `/multi-exec`: an array of arrays.
 *
 * @throws {Rejection} 400 when it is none
 */
export function parseCommands(body: Buffer): readonly Command[] {
  const text = parseText(body);
  const rows = parseJson(text);
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new Rejection(400, 'ERR the body must be a JSON array of commands, each an array itself');
  }
  return rows.map((row) => toCommand(row, text));
}

/**
 * Path style: `/set/foo/bar`, then the body as one more argument, then the query (`?EX=100&NX`).
 *
 * @throws {Rejection} 400 when an escape is broken, or there is no command
 */
export function parsePath(path: string, query: string, body: Buffer | undefined): Command {
  const [name, ...rest] = path.slice(1).split('/').map(decodePart);
  if (name === undefined || name.length === 0) {
    throw new Rejection(400, 'ERR no command: POST a JSON array, or name one in the path');
  }
  if (body !== undefined && body.length > 0) rest.push(body);
  for (const pair of query.split('&')) {
    const split = pair.indexOf('=');
    const key = split === -1 ? pair : pair.slice(0, split);
    if (key === '' || key === '_token') continue;
    rest.push(decodePart(key.replaceAll('+', ' ')));
    if (split !== -1) rest.push(decodePart(pair.slice(split + 1).replaceAll('+', ' ')));
  }
  return [name, ...rest];
}

function parseText(body: Buffer): string {
  if (!isUtf8(body)) throw new Rejection(400, 'ERR the body is not UTF-8');
  return body.toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Rejection(400, 'ERR the body is not JSON');
  }
}

function toCommand(value: unknown, source: string): Command {
  if (!Array.isArray(value)) {
    throw new Rejection(400, 'ERR a command must be a JSON array: its name, then its arguments');
  }
  const [name, ...rest] = value.map((argument) => toArgument(argument, source));
  if (name === undefined || name === '') throw new Rejection(400, 'ERR the command is empty');
  return [name, ...rest];
}

function toArgument(value: unknown, source: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') {
    throw new Rejection(400, 'ERR an argument must be a string, a number or a boolean');
  }
  const text = String(value);
  // JSON.parse has rounded an integer beyond 2^53, unless the sender wrote just what it rounds to.
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && !source.includes(text)) {
    throw new Rejection(400, 'ERR a number is too large to be read exactly: send it as a string');
  }
  return text;
}

function decodePart(part: string): Argument {
  try {
    return decodeURIComponent(part);
  } catch {
    if (/%(?![0-9a-f]{2})/i.test(part)) throw new Rejection(400, 'ERR the address is malformed');
    // A binary argument: each escape is a byte, everything else already is ASCII.
    return Buffer.from(
      part.replace(/%(..)/g, (_, byte: string) => String.fromCharCode(parseInt(byte, 16))),
      'latin1',
    );
  }
}

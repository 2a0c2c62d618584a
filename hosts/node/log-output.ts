/** Where the router's log goes: standard output, as JSON lines, or readable where a person looks on. */
import { styleText } from 'node:util';
import { createLog, type Log, type LogFields, type LogLevel } from '../../lib/core/log.ts';

const flushAfterMs = 20;
const flushAtLength = 16_384;

export interface LogOutput {
  readonly log: Log;
  /** Writes what is still held back; for the moment before the process ends. */
  readonly flush: () => void;
}

/** Lines are gathered for 20 ms, because a system call per request is a third of what a small answer costs. */
export function createLogOutput(level: LogLevel): LogOutput {
  let pending = '';
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (pending !== '') process.stdout.write(pending);
    pending = '';
  }

  function write(line: string): void {
    pending += `${line}\n`;
    if (pending.length >= flushAtLength) flush();
    else timer ??= setTimeout(flush, flushAfterMs).unref();
  }

  const log = createLog({ write, level, ...(process.stdout.isTTY && { toLine: toReadable }) });
  return { log, flush };
}

const colours = { debug: 'gray', info: 'cyan', warn: 'yellow', error: 'red' } as const;

function toReadable({ time, level, message, cause, ...fields }: LogFields): string {
  const colour = colours[level as LogLevel];
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${styleText('gray', `${name}=`)}${String(value)}`);
  const line = [
    styleText('gray', String(time).slice(11, 23)),
    styleText(colour, String(message)),
    ...rest,
  ].join(' ');
  return cause === undefined ? line : `${line}\n${String(cause)}`;
}

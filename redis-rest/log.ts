/** One JSON object per line. Nothing that a caller sent is ever written, and no secret of ours. */

export type Log = (
  level: 'info' | 'error',
  message: string,
  fields?: Readonly<Record<string, string | number>>,
) => void;

export function createLog(write: (line: string) => void): Log {
  return function log(level, message, fields = {}) {
    write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
  };
}

/** How long ago something was, in words: a server does not know in what time zone a page is read. */
import * as copy from './copy.ts';

const minute = 60_000;
const units = [
  ['day', 24 * 60 * minute],
  ['hour', 60 * minute],
  ['minute', minute],
] as const;

/** Such as `3 hours ago`; what is under a minute old, or of a clock that runs ahead, was just now. */
export function toElapsed(time: Date, now: Date): string {
  const elapsed = now.getTime() - time.getTime();
  const [unit, length] = units.find(([, length]) => elapsed >= length) ?? [];
  return unit === undefined ? copy.justNow : copy.ago(Math.floor(elapsed / length), unit);
}

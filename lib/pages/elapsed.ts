/** How long ago something was, in words: a server does not know in what time zone a page is read. */
import type { Language } from '../../db/languages.ts';
import { elapsedCopy } from './copy.ts';

const minute = 60_000;
const units = [
  ['day', 24 * 60 * minute],
  ['hour', 60 * minute],
  ['minute', minute],
] as const;

/** Such as `3 hours ago`; what is under a minute old, or of a clock that runs ahead, was just now. */
export function toElapsed(language: Language, time: Date, now: Date): string {
  const elapsed = now.getTime() - time.getTime();
  const [unit, length] = units.find(([, length]) => elapsed >= length) ?? [];
  if (unit === undefined) return elapsedCopy[language].justNow;
  return new Intl.RelativeTimeFormat(language).format(-Math.floor(elapsed / length), unit);
}

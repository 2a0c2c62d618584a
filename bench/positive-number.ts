/** A number of a command line. */
import { refuseUsage } from '../lib/core/command-line.ts';

/** Ends the process by `refuseUsage`, with the name of the option, unless the text is a number above 0. */
export function readPositiveNumber(
  usage: string,
  option: string,
  text: string,
  { whole = false }: { readonly whole?: boolean } = {},
): number {
  const number = Number(text);
  if (number > 0 && (whole ? Number.isSafeInteger(number) : Number.isFinite(number))) return number;
  return refuseUsage(usage, `${option} '${text}' is no ${whole ? 'whole ' : ''}number above 0`);
}

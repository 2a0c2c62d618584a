/** The arguments of a command: one way to read them, and one to say which of them is wrong. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Reads `process.argv` by `util.parseArgs`. `--help` (or `-h`), which every command has, prints the usage and ends the
 * process with 0; an unknown option, one without its value and a positional that is over end it by `refuseUsage`. So it
 * comes first in a command, before anything is started.
 *
 * @example
 * const { values, positionals } = readCommandLine(usage, {
 *   options: { out: { type: 'string', default: 'dist' } },
 *   maximumPositionals: 1,
 * });
 */
export function readCommandLine<Given extends Options>(
  usage: string,
  { options, maximumPositionals = 0 }: { readonly options: Given; readonly maximumPositionals?: number },
) {
  const { values, positionals } = parse(usage, { ...options, help: { type: 'boolean', short: 'h' } });
  if (values['help'] === true) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const superfluous = positionals[maximumPositionals];
  if (superfluous !== undefined) refuseUsage(usage, `Unexpected argument '${superfluous}'`);
  // Once more, for the types: with the option for help among them, they could not be those of the caller's options.
  return parseArgs({ options, allowPositionals: true });
}

function parse(usage: string, options: Options) {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's words may take three lines, and of an unknown option they also tell how a positional is written that looks like one.
    return refuseUsage(
      usage,
      error.message.replace(/\. To specify a positional.*/s, '').replaceAll('\n', ' '),
    );
  }
}

/** Ends the process with 2. @param fault names the argument that is wrong, and says why; it comes before the usage */
export function refuseUsage(usage: string, fault: string): never {
  process.stderr.write(`${fault}\n\n${usage}`);
  process.exit(2);
}

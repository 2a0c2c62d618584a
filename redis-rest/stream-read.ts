/** The grammar of XREAD and XREADGROUP, by position: a group, a consumer or a stream may have the name of an option. */
import { toName, type Argument, type Command } from './command.ts';

export interface StreamRead {
  /** Whether it waits for entries that are not there yet. */
  readonly isBlocking: boolean;
  readonly firstKey: Argument | undefined;
}

/** How many values follow each option. */
const valuesOf = new Map([
  ['BLOCK', 1],
  ['CLAIM', 1],
  ['COUNT', 1],
  ['GROUP', 2],
  ['NOACK', 0],
]);

/** Undefined when it has an option that is not known here, and behind which anything may stand. */
export function parseStreamRead(command: Command): StreamRead | undefined {
  let isBlocking = false;
  for (let position = 1; position < command.length;) {
    const option = toName(command, position);
    if (option === 'STREAMS') return { isBlocking, firstKey: command[position + 1] };
    const values = valuesOf.get(option);
    if (values === undefined) return undefined;
    isBlocking ||= option === 'BLOCK';
    position += 1 + values;
  }
  return undefined;
}

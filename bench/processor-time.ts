/** What a process has taken of the processor: where other work shares the machine, it tells more than requests a second. */
import { readFileSync } from 'node:fs';

/** A clock tick (`getconf CLK_TCK`, 100 on every Linux that Node runs on). */
const tickUs = 10_000;

/** Microseconds so far, in user mode and in the kernel (proc(5), fields 14 and 15); NaN where there is no /proc. */
export function processorTimeUs(pid: number | undefined): number {
  try {
    // The name in brackets may have spaces; after it comes field 3.
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        ?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * tickUs;
  } catch {
    return Number.NaN;
  }
}

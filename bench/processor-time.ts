/** What a process took of the processor, as Linux tells it (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs';

// USER_HZ, which is 100 on every architecture that we run on.
const microsecondsOfTick = 10_000;

interface Times {
  readonly parent: number;
  readonly own: number;
  /** Of children that have ended. */
  readonly ended: number;
}

/** Microseconds since its start. */
export function readProcessorTime(pid: number): number {
  return readTimes(pid).own;
}

/** The same, with that of its children. */
export function readFamilyTime(pid: number): number {
  const { own, ended } = readTimes(pid);
  let sum = own + ended;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const times = readTimes(Number(name));
      if (times.parent === pid) sum += times.own;
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum;
}

function readTimes(pid: number): Times {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // After the name, which is in parentheses and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (nth: number) => Number(fields[nth]) * microsecondsOfTick;
  return { parent: Number(fields[1]), own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) };
}

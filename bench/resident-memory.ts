/** What a process takes of the machine's memory. */
import { readFileSync } from 'node:fs';

/** Resident megabytes (2^20 bytes). */
export function readMemory(pid: number | undefined): number {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1]) / 1024;
}

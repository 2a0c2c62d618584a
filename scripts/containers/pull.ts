import { spawnSync } from 'node:child_process';

/** Whether a registry has it, within three minutes. */
export const pull = (image: string): boolean =>
  spawnSync('docker', ['pull', '--quiet', image], { stdio: 'ignore', timeout: 180_000 }).status === 0;

/** `npm run bundle` over functions that a test has written. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder } from './folder.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));
const lib = join(project, 'lib');

/** A function that is fit for every platform, but for what is put into it. */
export const sound = (path: string, before = '', within = '', services = '') => `
import { anyone } from ${JSON.stringify(`${lib}/http/caller.ts`)};
import { createFunction } from ${JSON.stringify(`${lib}/http/function.ts`)};
import { guard } from ${JSON.stringify(`${lib}/http/guard.ts`)};
import { unlimited } from ${JSON.stringify(`${lib}/http/unlimited.ts`)};
${before}
export default createFunction(${services}).get('${path}', guard({ caller: anyone, limits: unlimited }), (c) => {
  ${within}
  return c.text('here');
});
`;

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly out: string;
}

export function bundle(
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Outcome> {
  return bundleWith(undefined, files, ...args);
}

/** @param settings the file among these that tells of the deployment */
export async function bundleWith(
  settings: string | undefined,
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Outcome> {
  const root = await makeTemporaryFolder();
  for (const [name, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const out = join(root, 'dist');
  const script = ['--import', 'tsx', 'scripts/bundle.ts', '--root', root, '--out', out, ...args];
  if (settings !== undefined) script.push('--settings', join(root, settings));
  return new Promise((resolve) => {
    execFile(process.execPath, script, { cwd: project }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr, out });
    });
  });
}

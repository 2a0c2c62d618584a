/** The configuration that a function of Netlify carries in itself, and its scheduled functions. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Deployable, everyMinute, toMethods, toScheduledPaths, write } from './deployable.ts';
import { netlifyFolder, toSlug } from './targets.ts';

export function writeNetlify(out: string, deployables: readonly Deployable[]): void {
  for (const { name, endpoints, file } of deployables) {
    const [endpoint] = endpoints;
    const config = {
      name: toSlug(name),
      generator: 'blockbot',
      nodeBundler: 'none',
      includedFiles: ['**'],
      ...(name === 'all' || !endpoint
        ? { path: '/*' }
        : {
            path: endpoint.path.replace(/\{[^}]*\}/g, ''),
            method: [...toMethods(endpoint.method), 'OPTIONS'],
          }),
    };
    // The build reads it out of the text, so it stands there as it is.
    writeFileSync(file, `${readFileSync(file, 'utf8')}export const config = ${JSON.stringify(config)};\n`);
  }
  for (const path of toScheduledPaths(deployables)) {
    const name = `scheduled${path.replaceAll('/', '-')}`;
    write(join(out, `${netlifyFolder}/functions/${name}/${name}.mjs`), toNetlifySchedule(path, name));
  }
  const command = `rm -rf .netlify/v1 && mkdir -p .netlify && cp -R ${netlifyFolder} .netlify/v1`;
  write(join(out, 'netlify.toml'), `[build]\n  command = "${command}"\n  publish = "public"\n`);
  write(join(out, 'public/.gitkeep'), '');
}

/** A function that is scheduled has no address on Netlify, so that this one asks the one that has. */
function toNetlifySchedule(path: string, name: string): string {
  const config = { name, generator: 'blockbot', nodeBundler: 'none', schedule: everyMinute };
  return `export default async () => {
  const { PUBLIC_URL, CRON_SECRET } = process.env;
  const headers = { Authorization: 'Bearer ' + CRON_SECRET };
  const response = await fetch(new URL('${path}', PUBLIC_URL), { method: 'POST', headers });
  if (!response.ok) throw new Error('${path} was answered ' + response.status);
};
export const config = ${JSON.stringify(config)};
`;
}

/**
 * What the image runs: `router` unless told, `redis-rest`, or the name of a script that the build bundled. The rest of
 * the command line is the script's own.
 */
import { readdirSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const servers = new Map([
  ['router', 'hosts/node/main.js'],
  ['redis-rest', 'redis-rest/main.js'],
]);
const scripts = readdirSync(new URL('scripts/', root))
  .filter((file) => file.endsWith('.js'))
  .map((file) => file.slice(0, -'.js'.length));

const [name = 'router'] = process.argv.splice(2, 1);
const file = servers.get(name) ?? (scripts.includes(name) ? `scripts/${name}.js` : undefined);
if (file === undefined) {
  const names = [...servers.keys(), ...scripts].join(', ');
  process.stderr.write(`There is no command ${JSON.stringify(name)}. The commands are: ${names}\n`);
  // The shell's own word for it.
  process.exit(127);
}
await import(new URL(file, root).href);

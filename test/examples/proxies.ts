/** Real proxies, each with a configuration of the examples, at an address of this test. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../support/folder.ts';
import { startProgram, without } from '../support/program.ts';
import { freePort } from '../support/redis-server.ts';

export const withoutNginx = without('nginx is not installed', '/usr/sbin/nginx', '-v');
export const withoutTraefik = without('there is no traefik here', 'traefik', 'version');
export const withoutCaddy = without('there is no caddy here', 'caddy', 'version');

/** @param configure makes the configuration for an address such as `127.0.0.1:8080` */
export type Configure = (own: string) => string | Promise<string>;

/** Answers its origin. */
export async function startNginx(configure: Configure): Promise<string> {
  const folder = await makeTemporaryFolder();
  const own = `127.0.0.1:${await freePort()}`;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const settings = temporary.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join('\n');
  writeFileSync(join(folder, 'example.conf'), await configure(own));
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${join(folder, 'pid')}; events {}
    http { access_log off; ${settings} include ${join(folder, 'example.conf')}; }`,
  );
  await startProgram(
    '/usr/sbin/nginx',
    ['-c', join(folder, 'nginx.conf'), '-g', 'error_log stderr notice;'],
    { ready: /start worker process \d+/ },
  );
  return `http://${own}`;
}

/** @param middleware of the configuration: once it is made, the routes soon are */
export async function startTraefik(configure: Configure, middleware: string): Promise<string> {
  const folder = await makeTemporaryFolder();
  const own = `127.0.0.1:${await freePort()}`;
  mkdirSync(join(folder, 'dynamic'));
  writeFileSync(join(folder, 'dynamic/example.yml'), await configure(own));
  const options = {
    'entryPoints.web.address': own,
    'providers.file.directory': join(folder, 'dynamic'),
    'log.level': 'DEBUG',
    'global.checkNewVersion': 'false',
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  // Not here, where a traefik.yml of ours would be read.
  await startProgram('traefik', args, {
    cwd: folder,
    ready: new RegExp(`Creating middleware.*${middleware}|middlewareName=${middleware}`),
  });
  // It listens before its routes are there.
  let response = await fetch(`http://${own}`);
  while (response.status === 404) response = await fetch(`http://${own}`);
  return `http://${own}`;
}

export async function startCaddy(configure: Configure): Promise<string> {
  const folder = await makeTemporaryFolder();
  const own = `127.0.0.1:${await freePort()}`;
  const file = join(folder, 'Caddyfile');
  writeFileSync(file, `{\n\tadmin off\n}\n${await configure(own)}`);
  await startProgram('caddy', ['run', '--adapter', 'caddyfile', '--config', file], {
    env: { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    ready: /serving initial configuration/,
  });
  return `http://${own}`;
}

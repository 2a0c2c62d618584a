/** A real proxy before a service, by the configuration of the examples: with the gate, and without it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeScratchFolder } from '../scratch-folder.ts';

export interface Addresses {
  readonly own: string;
  readonly gate: string;
  readonly service: string;
}

export interface Proxy {
  readonly name: string;
  readonly start: (addresses: Addresses, guarded: boolean) => ChildProcess;
}

const read = (file: string, { own, gate, service }: Addresses) =>
  readFileSync(`examples/proxies/${file}`, 'utf8')
    .replace('127.0.0.1:8080', own)
    .replace('127.0.0.1:3000', gate)
    .replace('127.0.0.1:5000', service);

export const nginx: Proxy = {
  name: 'nginx',
  start: (addresses, guarded) => {
    const folder = makeScratchFolder();
    const text = read('gate-nginx.conf', addresses).replace(
      `proxy_pass http://${addresses.service}`,
      "proxy_http_version 1.1; proxy_set_header Connection ''; proxy_pass http://service",
    );
    const upstream = `upstream service { server ${addresses.service}; keepalive 64; }`;
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const settings = temporary.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join(' ');
    // Of the file: all that stands before the service but what asks the gate.
    const open = text
      .replaceAll(/^ +(?:auth_request(?:_set)? .*|error_page .*|proxy_set_header X-Identity .*)\n/gm, '')
      .replace(/^map \$gate_status [^]*?\n\}\n/m, '')
      .replace(/ {2}location @refused \{[^]*?\n {2}\}\n/, '');
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; worker_processes 1; pid ${join(folder, 'pid')}; events { worker_connections 4096; }
      http { access_log off; keepalive_requests 1000000; ${settings} ${upstream} ${guarded ? text : open} }`,
    );
    return spawn('/usr/sbin/nginx', ['-c', join(folder, 'nginx.conf'), '-g', 'error_log stderr warn;'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  },
};

export const traefik: Proxy = {
  name: 'Traefik',
  start: (addresses, guarded) => {
    const folder = makeScratchFolder();
    mkdirSync(join(folder, 'dynamic'));
    const text = read('gate-traefik.yml', addresses);
    writeFileSync(
      join(folder, 'dynamic/bench.yml'),
      guarded ? text : text.replace(/^ +middlewares: \[gate\]\n/m, ''),
    );
    const options = {
      'entryPoints.web.address': addresses.own,
      'providers.file.directory': join(folder, 'dynamic'),
      'global.checkNewVersion': 'false',
      'log.level': 'ERROR',
    };
    const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    return spawn('traefik', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  },
};

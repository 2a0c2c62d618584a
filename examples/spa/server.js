/**
 * Serves the page, its script and the client to a browser, and nothing else. A bundler or any static host does as well.
 *
 *     API=http://localhost:3000 PORT=5173 node server.js
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import process from 'node:process';
import { URL } from 'node:url';

const { API = 'http://localhost:3000', PORT = '5173' } = process.env;

const here = new URL('./', import.meta.url);
const client = new URL('node_modules/blockbot-client/dist/', here);
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };

const page = (await readFile(new URL('index.html', here), 'utf8')).replace('http://localhost:3000', API);
const [, importMap] = page.match(/<script type="importmap">(.*?)<\/script>/s);
const hash = createHash('sha256').update(importMap).digest('base64');

// Tokens are in the storage of this origin: no foreign script may run here, and none may be talked to but the API.
const policy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${hash}'`,
  "style-src 'self'",
  // The page's icon.
  'img-src data:',
  `connect-src ${API}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function find(path) {
  if (path === '/app.js' || path === '/style.css') return new URL(path.slice(1), here);
  const [, file] = path.match(/^\/client\/([\w-]+\.js)$/) ?? [];
  return file && new URL(file, client);
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const file = find(pathname);
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (!file && pathname !== '/') return response.writeHead(404).end();
  response.setHeader('Content-Type', types[extname(pathname)] ?? types['.html']);
  response.end(file ? await readFile(file) : page);
});

server.listen(Number(PORT), 'localhost', () => {
  process.stdout.write(`http://localhost:${server.address().port}\n`);
});

/** A page of another origin than the API's, and scripts beside it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after } from 'node:test';
import { originOf } from './program.ts';

export interface StaticPages {
  readonly origin: string;
  /** Files of scripts by their paths; at every other path is the page. */
  readonly scripts: Map<string, string>;
}

/** Closed by itself when the test file ends. */
export async function startPages(page: string): Promise<StaticPages> {
  const scripts = new Map<string, string>();
  const server = createServer(({ url = '/' }, response) => {
    const script = scripts.get(url);
    response.setHeader('Content-Type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script === undefined ? page : readFileSync(script));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: originOf(server), scripts };
}

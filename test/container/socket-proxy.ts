/** Stands in for the socket proxy: reads what Traefik reads of the engine, and nothing else. */
import http from 'node:http';

http
  .createServer((request, response) => {
    const { method, url = '' } = request;
    if (method !== 'GET' || !/^(?:\/v[\d.]+)?\/(?:_ping|version|events|containers)\b/.test(url)) {
      response.writeHead(403).end();
      return;
    }
    http
      .get({ socketPath: '/var/run/docker.sock', path: url, headers: { host: 'engine' } }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
      })
      .on('error', () => response.writeHead(502).end());
  })
  .listen(2375);
process.on('SIGTERM', () => process.exit(0));

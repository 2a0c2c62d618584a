/** A function that answers what it was sent, for tests of what a host makes of it. */
import { createFunction } from '../../lib/http/function.ts';

export const echo = createFunction().all('/echo', async (c) => {
  const answer = new Response(await c.req.arrayBuffer(), {
    headers: { 'Content-Type': c.req.header('content-type') ?? 'application/octet-stream' },
  });
  answer.headers.append('Set-Cookie', 'a=1; Path=/');
  answer.headers.append('Set-Cookie', 'b=2; Path=/');
  answer.headers.set(
    'X-Seen',
    `${c.req.header('cookie') ?? ''}|${c.req.query('q') ?? ''}|${c.env.peerAddress}`,
  );
  answer.headers.set('X-User-Agent', c.req.header('user-agent') ?? '');
  return answer;
});

/** What the `type` of a problem leads to: a page that says what happened and what to do about it. */
import { html } from 'hono/html';
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { problemAdvice } from '../../lib/core/problem-advice.ts';
import { Problem, problems } from '../../lib/core/problem.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction().get('/problems/:slug', guard({ caller: anyone, limits: limit(api) }), (c) => {
  const slug = c.req.param('slug');
  if (!isKnown(slug)) throw new Problem('not-found');
  const { status, title } = problems[slug];
  const advice = problemAdvice[slug];
  c.header('Cache-Control', 'public, max-age=3600');
  c.header(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  );
  return c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title}</title>
          <style>
            :root {
              color-scheme: light dark;
              font:
                1.0625rem/1.6 system-ui,
                sans-serif;
            }
            main {
              max-width: 38rem;
              margin: 12vh auto;
              padding: 0 1.25rem;
            }
            h1 {
              font-size: 1.5rem;
              line-height: 1.25;
            }
          </style>
        </head>
        <body>
          <main>
            <p><code>${status} ${slug}</code></p>
            <h1>${title}</h1>
            <p>${toMarkup(advice)}</p>
          </main>
        </body>
      </html>`,
  );
});

/** What stands between backticks is code. */
function toMarkup(advice: string) {
  return advice.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

function isKnown(slug: string): slug is keyof typeof problems {
  return Object.hasOwn(problems, slug);
}

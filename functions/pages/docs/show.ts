/** The API as a page to read: made of the same document as `openapi.json`, at build time. */
import { raw } from 'hono/html';
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import * as copy from '../../../lib/pages/docs-copy.ts';
import { docsStyle } from '../../../lib/pages/docs-style.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/docs',
  page(),
  guard({ caller: anyone, limits: limit(api) }),
  async (c) => {
    // Loaded when it is asked for: it is larger than all other pages together.
    const { reference } = await import('../../../lib/pages/reference.ts');
    return respond(c, {
      title: copy.title,
      language: 'en',
      // The one thing that a build can't know; nothing in it is markup, since a URL escapes that.
      body: raw(reference.replace('https://url.invalid', c.env.settings.publicUrl)),
      isWide: true,
      ownStyle: docsStyle,
    });
  },
);

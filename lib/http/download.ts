/** A JSON document that a browser saves and does not show. */
import type { Context } from 'hono';
import type { FunctionEnv } from './services.ts';

/** @param file the name that it is saved under, of ASCII letters, digits and dots (RFC 6266) */
export function respondWithDownload(
  c: Pick<Context<FunctionEnv>, 'body'>,
  file: string,
  document: object,
): Response {
  return c.body(JSON.stringify(document, null, 2), 200, {
    'Content-Type': 'application/json',
    'Content-Disposition': `attachment; filename="${file}"`,
  });
}

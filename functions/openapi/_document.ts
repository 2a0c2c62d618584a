/** The document as it is sent, and what tells one state of it from another. Apart, because it is as large as all else: loaded when it is asked for. */
import { createHash } from 'node:crypto';
import document from '../../openapi.json' with { type: 'json' };

export const text = JSON.stringify(document);

/** RFC 9110, section 8.8.3. */
export const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;

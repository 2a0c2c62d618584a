/** The body of a request as text: bounded, UTF-8, and of one media type (`json-body.ts`, `form-body.ts`). */
import { Problem } from '../core/problem.ts';

/** Bytes that a body may have. */
const maximumLength = 65_536;

/** @throws {Problem} `unsupported-media-type`, `content-too-large` or `malformed-request` */
export async function readBody(request: Request, mediaType: string): Promise<string> {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';');
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (type.trimEnd().toLowerCase() !== mediaType || encoding !== 'identity') {
    throw new Problem(
      'unsupported-media-type',
      { detail: `Send ${mediaType}` },
      { headers: { Accept: mediaType } },
    );
  }
  const length = request.headers.get('content-length');
  if (length !== null && Number(length) > maximumLength) throw new Problem('content-too-large');
  // An HTTP parser holds a body to the length it declares, so that only one without is counted as it comes. Not every
  // platform has such a parser between us and the caller: what was read is measured again.
  const bytes = await (length === null ? readBounded(request) : readDeclared(request));
  if (bytes.byteLength > maximumLength) throw new Problem('content-too-large');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem('malformed-request', { detail: 'The body is not UTF-8' }, { cause });
  }
}

async function readDeclared(request: Request): Promise<Uint8Array> {
  return new Uint8Array(await request.arrayBuffer().catch(refuseCutShort));
}

async function readBounded(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const { done = true, value } = (await reader?.read().catch(refuseCutShort)) ?? {};
    if (done || !value) return Buffer.concat(chunks);
    length += value.byteLength;
    if (length > maximumLength) {
      await reader?.cancel();
      throw new Problem('content-too-large');
    }
    chunks.push(value);
  }
}

/** The caller hung up in the middle: no fault of ours, and nobody is left to be told (RFC 9112, section 8). */
function refuseCutShort(cause: unknown): never {
  throw new Problem('malformed-request', { detail: 'The body ended early' }, { cause });
}

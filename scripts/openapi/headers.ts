/** The headers of responses that mean something to a client of the API; those of security are not in the document. */
import type { OpenApiHeader, Reference } from '../../contract/openapi.ts';

const text = { type: 'string' };

export const headerComponents = {
  'X-Request-Id': {
    description: 'What the log and every problem call this request: the one that came, or a new one',
    required: true,
    schema: { type: 'string', pattern: '^[A-Za-z0-9_.-]{8,64}$' },
  },
  RateLimit: {
    description:
      'What is left of each policy, and the seconds until more is (draft-ietf-httpapi-ratelimit-headers). Absent while nothing is counted.',
    required: false,
    schema: text,
  },
  'RateLimit-Policy': {
    description: 'The policies that this request counts against (draft-ietf-httpapi-ratelimit-headers)',
    required: false,
    schema: text,
  },
  'Retry-After': {
    description: 'Seconds to wait',
    required: true,
    schema: { type: 'string', pattern: '^[1-9][0-9]*$' },
  },
  'WWW-Authenticate': {
    description: 'How to authenticate (RFC 6750, section 3; RFC 7617 for the credentials of a client)',
    required: true,
    schema: { type: 'string', pattern: '^(Basic realm="token"$|Bearer( |$))' },
  },
  Accept: {
    description: 'The media type that a body has to have (RFC 9110, section 12.5.1)',
    required: true,
    schema: text,
  },
} satisfies Readonly<Record<string, OpenApiHeader>>;

interface Occasion {
  readonly isLimited: boolean;
  readonly status: number;
  /** Those of this answer alone, and what they say. */
  readonly own?: Readonly<Record<string, string>>;
}

export function toHeaders({
  isLimited,
  status,
  own = {},
}: Occasion): Readonly<Record<string, Reference | OpenApiHeader>> {
  const names: (keyof typeof headerComponents)[] = ['X-Request-Id'];
  if (isLimited) names.push('RateLimit', 'RateLimit-Policy');
  if (status === 401) names.push('WWW-Authenticate');
  if (status === 415) names.push('Accept');
  if (status === 429 || status === 503) names.push('Retry-After');
  const common = names.map((name) => [name, { $ref: `#/components/headers/${name}` }] as const);
  const others = Object.entries(own).map(
    ([name, description]) => [name, { description, required: true, schema: text }] as const,
  );
  return Object.fromEntries([...common, ...others]);
}

/** Hashes of passwords as spans, with the wait for a free thread in them. */
import { SpanKind, type Tracer } from '@opentelemetry/api';
import type { PasswordHasher } from '../../../lib/security/password.ts';
import { inChildSpan } from './span.ts';

export function tracePasswords<Hasher extends PasswordHasher>(passwords: Hasher, tracer: Tracer): Hasher {
  const toWork = (name: string) => () => ({ name, kind: SpanKind.INTERNAL });
  return {
    ...passwords,
    hash: (password) => inChildSpan(tracer, toWork('hash password'), () => passwords.hash(password)),
    verify: (password, phc) =>
      inChildSpan(tracer, toWork('verify password'), () => passwords.verify(password, phc)),
  };
}

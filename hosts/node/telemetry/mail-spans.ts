/** Emails as spans: which row of the outbox, and what became of it; not who gets it, and nothing of what it says. */
import { SpanKind, type Tracer } from '@opentelemetry/api';
import type { Transport } from '../../../lib/mail/transport.ts';
import { fail, inSpan } from './span.ts';

export function traceTransport<Client extends Transport>(transport: Client, tracer: Tracer): Client {
  return {
    ...transport,
    send: (email) => {
      const attributes = { 'blockbot.email.id': email.id };
      return inSpan(tracer, { name: 'send email', kind: SpanKind.CLIENT, attributes }, async (span) => {
        const result = await transport.send(email);
        span.setAttribute('blockbot.email.outcome', result.outcome);
        if (result.outcome !== 'accepted') {
          span.setAttribute('blockbot.email.reason', result.reason);
          fail(span, result.outcome);
        }
        return result;
      });
    },
  };
}

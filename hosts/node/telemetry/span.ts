/** A piece of work as a span, which ends with it and fails with it. */
import {
  type Attributes,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { toErrorCode } from '../../../lib/core/error-message.ts';

export interface Work {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
}

export function inSpan<Result>(
  tracer: Tracer,
  { name, ...options }: Work,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  return tracer.startActiveSpan(name, options, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      fail(span, toErrorType(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Only as a part of something: what a timer asks every minute would be a trace each time. */
export function inChildSpan<Result>(
  tracer: Tracer,
  toWork: () => Work,
  work: () => Promise<Result>,
): Promise<Result> {
  return trace.getActiveSpan()?.isRecording() ? inSpan(tracer, toWork(), work) : work();
}

export function fail(span: Span, errorType: string): void {
  span.setAttribute('error.type', errorType).setStatus({ code: SpanStatusCode.ERROR });
}

/** A code, or the class; never the message, in which Postgres quotes the row and a provider the mailbox. */
export function toErrorType(error: unknown): string {
  return toErrorCode(error) ?? '_OTHER';
}

/** A function, or all of them, on AWS Lambda: HTTP in whatever format it comes, and the scheduler's events. */
import type { FunctionApp } from '../../lib/http/function.ts';
import { Problem } from '../../lib/core/problem.ts';
import { createHost, type ServiceFactories } from '../core/host.ts';
import { refuse } from '../core/refuse.ts';
import { type HeaderFormat, type HttpEvent, readEvent, type ReceivedCall, toHeaderFormat } from './event.ts';
import { type LambdaResponse, toLambdaResponse } from './response.ts';
import type { createScheduledRun } from './scheduled.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
interface ScheduledEvent {
  readonly 'detail-type': 'Scheduled Event';
}

/** What is bundled only where the scheduler asks for something. */
interface LambdaParts extends ServiceFactories {
  readonly createScheduledRun?: typeof createScheduledRun;
}

export function toLambdaHandler(app: FunctionApp, { createScheduledRun, ...parts }: LambdaParts) {
  // One request at a time is all that an execution environment gets.
  const host = createHost(app, parts, { connections: 2, providesClientAddress: true });

  async function answer(
    { request, peerAddress }: ReceivedCall,
    format: HeaderFormat,
  ): Promise<LambdaResponse> {
    const pending: Promise<unknown>[] = [];
    const response = await host.answer(request, process.env, {
      peerAddress,
      background: (work) => pending.push(work),
    });
    const answered = await toLambdaResponse(response, format);
    // The process is frozen with the answer: what goes on in the background is waited for.
    await Promise.allSettled(pending);
    return answered;
  }

  async function answerEvent(event: HttpEvent): Promise<LambdaResponse> {
    const format = toHeaderFormat(event);
    let call: ReceivedCall;
    try {
      call = readEvent(event);
    } catch {
      return toLambdaResponse(refuse(new Problem('malformed-request')), format);
    }
    return answer(call, format);
  }

  const runScheduled = createScheduledRun?.(app, answer);
  return async (event: HttpEvent | ScheduledEvent): Promise<LambdaResponse> => {
    if (!('detail-type' in event)) return answerEvent(event);
    if (!runScheduled) throw new TypeError('The function has no endpoint for a scheduler');
    return runScheduled();
  };
}

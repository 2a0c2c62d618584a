/** A function, or all of them, on AWS Lambda: HTTP in whatever format it comes, and the scheduler's events. */
import type { FunctionApp } from '../../lib/http/function.ts';
import { createHost, type ServiceFactories } from '../core/host.ts';
import { createScheduledRequest, findScheduledPaths } from '../core/scheduled.ts';
import { type HttpEvent, readEvent, type ReceivedCall } from './event.ts';
import { type LambdaResponse, toLambdaResponse } from './response.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
interface ScheduledEvent {
  readonly 'detail-type': 'Scheduled Event';
}

export function toLambdaHandler(app: FunctionApp, parts: ServiceFactories) {
  // One request at a time is all that an execution environment gets.
  const host = createHost(app, parts, { connections: 2, providesClientAddress: true });

  async function answer({ request, peerAddress, wants }: ReceivedCall): Promise<LambdaResponse> {
    const pending: Promise<unknown>[] = [];
    const response = await host.answer(request, process.env, {
      peerAddress,
      background: (work) => pending.push(work),
    });
    const answered = await toLambdaResponse(response, wants);
    // The process is frozen with the answer: what goes on in the background is waited for.
    await Promise.allSettled(pending);
    return answered;
  }

  async function runScheduled(): Promise<LambdaResponse> {
    const answers: LambdaResponse[] = [];
    for (const path of findScheduledPaths(app)) {
      const request = createScheduledRequest(path, process.env);
      answers.push(await answer({ request, peerAddress: '::1', wants: 'cookies' }));
    }
    const failed = answers.find(({ statusCode }) => statusCode >= 400);
    // What is thrown here is what AWS counts as a failed invocation.
    if (failed) throw new Error(`the scheduled request was answered ${failed.statusCode}`);
    return { statusCode: 204, body: '', isBase64Encoded: false };
  }

  return (event: HttpEvent | ScheduledEvent): Promise<LambdaResponse> =>
    'detail-type' in event ? runScheduled() : answer(readEvent(event));
}

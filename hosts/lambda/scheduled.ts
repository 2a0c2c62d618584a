/** The events of EventBridge's scheduler, for a function that has an endpoint for it. */
import type { FunctionApp } from '../../lib/http/function.ts';
import { createScheduledRequest, findScheduledPaths } from '../core/scheduled.ts';
import type { HeaderFormat, ReceivedCall } from './event.ts';
import type { LambdaResponse } from './response.ts';

/** @returns what asks each such endpoint, and throws what AWS then counts as a failed invocation */
export function createScheduledRun(
  app: FunctionApp,
  answer: (call: ReceivedCall, format: HeaderFormat) => Promise<LambdaResponse>,
) {
  return async (): Promise<LambdaResponse> => {
    const answers: LambdaResponse[] = [];
    for (const path of findScheduledPaths(app)) {
      const request = createScheduledRequest(path, process.env);
      answers.push(await answer({ request, peerAddress: '::1' }, 'cookies'));
    }
    const failed = answers.find(({ statusCode }) => statusCode >= 400);
    if (failed) throw new Error(`the scheduled request was answered ${failed.statusCode}`);
    return { statusCode: 204, body: '', isBase64Encoded: false };
  };
}

/** Asking one function by itself in a test of the contract. */
import type { Endpoint } from '../../contract/endpoints.ts';
import type { TestBlockbot, TestRequest } from '../support/blockbot.ts';

/** Calls an endpoint, its function alone as an edge platform would run it. */
export function callAlone(
  bot: TestBlockbot,
  endpoint: Endpoint,
  request: TestRequest = {},
): Promise<Response> {
  const headers = { ...(endpoint.needsOwnApp && { Origin: 'https://app.example.com' }), ...request.headers };
  return bot.send(endpoint.method, endpoint.path, { ...request, headers }, endpoint.app);
}

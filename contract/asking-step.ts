/** A step of the contract that asks from an address of its own, so that no limit is met by accident. */
import { toAddress } from './addresses.ts';
import type { ReceivedResponse, RequestOptions } from './ask.ts';
import type { Step } from './steps.ts';

export type Send = (method: string, path: string, options?: RequestOptions) => Promise<ReceivedResponse>;

/** @param common what each of its requests has unless it says otherwise, when the step runs */
export function toAskingStep(
  name: string,
  title: string,
  run: (send: Send) => Promise<void>,
  common: () => RequestOptions = () => ({}),
): Step {
  const from = toAddress(`${name} ${title}`);
  return {
    name,
    title,
    run: (ask) => run((method, path, options) => ask(name, method, path, { from, ...common(), ...options })),
  };
}

/** The black-box contract against any deployment, over plain HTTP. */
import { styleText } from 'node:util';
import { createAsk } from '../contract/ask.ts';
import { readOnlySteps } from '../contract/read-only.ts';
import { runSteps, type StepResult } from '../contract/steps.ts';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { toErrorMessage } from '../lib/core/error-message.ts';
import { toAccountSteps } from './smoke/account-steps.ts';

const usage = `Usage: npm run smoke -- URL [--write MAILBOX]

Asks the deployment at URL what every Blockbot promises: health, keys, problems, refusals, limits, and that the link of
an invitation does nothing by itself. Nothing is left behind, and some ten requests are counted against the limit of
this address.

  --write MAILBOX   makes an account too, refreshes, lists sessions, goes through an invitation and a join link as far as
                    nobody's mailbox is needed, and deletes the account. Its address is MAILBOX with +smoke-... in it;
                    where addresses must be verified, one email goes there, and the account stays, unverified.

Certificates are verified; NODE_EXTRA_CA_CERTS names a further authority, such as Let's Encrypt's staging one.

Exit codes: 0 all is as promised, 1 something is not or nothing answers, 2 wrong usage.
`;

function readArguments() {
  const { values, positionals } = readCommandLine(usage, {
    options: { write: { type: 'string' } },
    maximumPositionals: 1,
  });
  const [url] = positionals;
  const { write } = values;
  if (url === undefined) refuseUsage(usage, 'Give the URL of a deployment');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    refuseUsage(usage, `'${url}' is no http:// or https:// URL`);
  }
  if (write !== undefined && !/^[^\s@+]+@[^\s@]+$/.test(write)) {
    refuseUsage(usage, `--write '${write}' is no mailbox such as ops@example.com`);
  }
  return { url, write };
}

async function main(): Promise<number> {
  const { url, write } = readArguments();
  const { origin } = new URL(url);
  const silence = await findSilence(origin);
  if (silence !== undefined) {
    process.stderr.write(`Nothing answers at ${origin} (${silence})\n`);
    return 1;
  }
  const ask = createAsk({ originOf: () => origin });
  const steps = [...readOnlySteps, ...(write === undefined ? [] : toAccountSteps(write))];
  const results = await runSteps(steps, ask, (result) => console.log(toLine(result)));
  const failed = results.filter(({ failure }) => failure !== undefined).length;
  console.log(`\n${results.length - failed} as promised, ${failed} not`);
  return failed === 0 ? 0 : 1;
}

/** Why no check could pass; `fetch` tells it in its cause alone. */
async function findSilence(origin: string): Promise<string | undefined> {
  try {
    await (await fetch(`${origin}/health/live`, { redirect: 'manual' })).body?.cancel();
    return undefined;
  } catch (error) {
    const { cause = error } = error as Error;
    return (cause as NodeJS.ErrnoException).code ?? toErrorMessage(cause);
  }
}

function toLine({ name, title, failure }: StepResult): string {
  const word = failure === undefined ? 'ok  ' : 'fail';
  const shown = process.stdout.isTTY ? styleText(failure === undefined ? 'green' : 'red', word) : word;
  return `${shown} ${name} ${title}${failure === undefined ? '' : `\n     ${failure.replaceAll('\n', '\n     ')}`}`;
}

process.exitCode = await main();

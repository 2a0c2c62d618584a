/** Makes what `docker-compose.prod.yml` needs and no repository may hold: `.env` and the files of `secrets/`. */
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { toErrorMessage } from '../lib/core/error-message.ts';
import { type Answers, findFault, type Question, questions } from './init-env/questions.ts';
import { AlreadyThere, writeFiles } from './init-env/files.ts';
import { createTerminal } from './init-env/terminal.ts';

const usage = `Usage: npm run init-env [-- --domain NAME --email ADDRESS --mail-from ADDRESS --mail-account KEY|URL|-]
                        [--folder FOLDER]

Writes .env (mode 0600) and secrets/ (mode 0700) into FOLDER. What is not given as an option is asked for; without a
terminal it is a fault. Give the mail account as - to type it: an option stays in the shell's history.

Nothing that exists is overwritten: if one of the files is there, none is written. Keep a copy of secrets/ somewhere
else; without token_secret nobody stays signed in, without backup_passphrase no backup opens.

  --domain         host name of the API
  --email          where Let's Encrypt writes to
  --mail-from      sender of emails
  --mail-account   what emails are sent by: an API key of Resend, or a mail server as smtps://user:password@host
  --folder         FOLDER; the current one unless told

Exit codes: 0 written, 1 something is there already or can't be written, 2 wrong usage or a bad answer.
`;

async function main(): Promise<number> {
  const { values } = readCommandLine(usage, {
    options: {
      domain: { type: 'string' },
      email: { type: 'string' },
      'mail-from': { type: 'string' },
      'mail-account': { type: 'string' },
      folder: { type: 'string', default: '.' },
    },
  });
  const answers = await complete({
    domain: values.domain,
    email: values.email,
    mailFrom: values['mail-from'],
    mailAccount: values['mail-account'] === '-' ? undefined : values['mail-account'],
  });
  for (const path of await writeFiles(values.folder, answers)) console.log(`made ${path}`);
  console.log('\nNext: point the domain at this machine, then ./blockbot doctor');
  return 0;
}

type Given = { readonly [Name in keyof Answers]: string | undefined };

async function complete(given: Given): Promise<Answers> {
  const { domain, email, mailFrom, mailAccount } = questions;
  const faults = [
    ...findFaults(domain, given.domain),
    ...findFaults(email, given.email),
    ...findFaults(mailFrom, given.mailFrom),
    ...findFaults(mailAccount, given.mailAccount),
  ];
  if (faults.length > 0) refuseUsage(usage, faults.join('\n'));
  const terminal = createTerminal();
  try {
    return {
      domain: given.domain ?? (await terminal.ask(domain)),
      email: given.email ?? (await terminal.ask(email)),
      mailFrom: given.mailFrom ?? (await terminal.ask(mailFrom)),
      mailAccount: given.mailAccount ?? (await terminal.ask(mailAccount)),
    };
  } finally {
    terminal.close();
  }
}

/** By option and without the answer: one of them is a secret. */
function findFaults(question: Question, answer: string | undefined): readonly string[] {
  const { option, text } = question;
  if (answer === undefined) return process.stdin.isTTY ? [] : [`${option} is missing: ${text}`];
  const fault = findFault(question, answer);
  return fault === undefined ? [] : [`${option}: ${fault}`];
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`init-env: ${toErrorMessage(error)}\n`);
  if (error instanceof AlreadyThere) process.stderr.write('Nothing was written.\n');
  process.exitCode = 1;
}

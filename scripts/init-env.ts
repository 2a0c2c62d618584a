/** Makes what `docker-compose.prod.yml` needs and no repository may hold: `.env` and the files of `secrets/`. */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { type Answers, findFault, type Question, questions } from './init-env/questions.ts';
import { AlreadyThere, writeFiles } from './init-env/files.ts';

const usage = `Usage: npm run init-env [-- --domain NAME --email ADDRESS --mail-from ADDRESS --resend-key KEY|-] [--folder FOLDER]

Writes .env (mode 0600) and secrets/ (mode 0700) into FOLDER, the current one unless told. What is not given as an
option is asked for; without a terminal it is a fault. Give the Resend key as - to type it: an option stays in the
shell's history.

Nothing that exists is overwritten: if one of the files is there, none is written. Keep a copy of secrets/ somewhere
else; without token_secret nobody stays signed in, without backup_passphrase no backup opens.

Exit codes: 0 written, 1 something is there already or can't be written, 2 wrong usage or a bad answer.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      domain: { type: 'string' },
      email: { type: 'string' },
      'mail-from': { type: 'string' },
      'resend-key': { type: 'string' },
      folder: { type: 'string', default: '.' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const answers = await complete({
    domain: values.domain,
    email: values.email,
    mailFrom: values['mail-from'],
    resendKey: values['resend-key'] === '-' ? undefined : values['resend-key'],
  });
  for (const path of await writeFiles(values.folder, answers)) console.log(`made ${path}`);
  console.log('\nNext: point the domain at this machine, then npm run doctor');
  return 0;
}

async function complete(given: Partial<Record<keyof Answers, string | undefined>>): Promise<Answers> {
  const faults = questions.flatMap((question) => {
    const value = given[question.name];
    const fault = value === undefined ? undefined : findFault(question, value);
    return fault === undefined ? [] : [`${question.option}: ${fault}`];
  });
  const open = questions.filter(({ name }) => given[name] === undefined);
  if (!process.stdin.isTTY) faults.push(...open.map(({ option, text }) => `${option} is missing: ${text}`));
  if (faults.length > 0) throw new BadAnswer(faults.join('\n'));
  const answers: Record<string, string> = { ...(given as Record<string, string>) };
  if (open.length === 0) return answers as unknown as Answers;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    for (const question of open) answers[question.name] = await ask(terminal, question);
  } finally {
    terminal.close();
  }
  return answers as unknown as Answers;
}

/** Until the answer is one. */
async function ask(
  terminal: { question: (text: string) => Promise<string> },
  question: Question,
): Promise<string> {
  for (;;) {
    const answer = (await terminal.question(`${question.text}: `)).trim();
    const fault = findFault(question, answer);
    if (fault === undefined) return answer;
    console.log(`  ${fault}`);
  }
}

class BadAnswer extends Error {}

try {
  process.exitCode = await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const misused = error instanceof BadAnswer || error instanceof TypeError;
  process.stderr.write(`init-env: ${message}\n${error instanceof TypeError ? `\n${usage}` : ''}`);
  if (error instanceof AlreadyThere) process.stderr.write('Nothing was written.\n');
  process.exitCode = misused ? 2 : 1;
}

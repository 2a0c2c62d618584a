/** Looks at a deployment from all sides and says, for each thing that is wrong, what to do. */
import { Resolver } from 'node:dns/promises';
import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';
import { examineContainers, judgeInspected, parseInspected } from './doctor/containers.ts';
import { examineDatabase, examineRedis } from './doctor/data.ts';
import { examineDomain, ownAddresses } from './doctor/domain.ts';
import {
  examineCertificate,
  examineClock,
  examinePort,
  examineProxyHops,
  examineReadiness,
  examineRedirect,
} from './doctor/edge.ts';
import { examineEnvironment } from './doctor/environment.ts';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { toErrorMessage } from '../lib/core/error-message.ts';
import { fail, type Finding, skipped, type Status } from './doctor/finding.ts';
import { examineSender } from './doctor/mail.ts';
import { examineSecrets } from './doctor/secrets.ts';

const parts: readonly string[] = ['inside', 'outside', 'containers'];

const usage = `Usage: npm run doctor [-- PART ...] [--url URL] [--address ADDRESS ...] [--dns SERVER] [--clock URL]
                      [--project NAME | --inspected]

Looks at a deployment from all sides and says, for each thing that is wrong, what to do. All parts unless told; what can't
be looked at from here is told and is no fault. MAIL_FROM is read from the environment.

  inside       environment, database and migrations, what is sealed under which secret, Redis and its eviction policy:
               where the router's environment is, such as
               docker compose -f docker-compose.prod.yml run --rm --no-deps router doctor inside
  outside      DNS, ports, certificate, readiness, proxy hops, clock, records of the mail domain: anywhere
  containers   health and hardening of what runs: on the host, where docker is
  --url URL           the deployment; PUBLIC_URL unless told
  --address ADDRESS   this server's public address, where its network cards don't have it
  --dns SERVER        the name server to ask, such as 9.9.9.9; the system's unless told
  --clock URL         whose Date header the clock is compared with; Let's Encrypt's unless told
  --project NAME      the Compose project; blockbot unless told
  --inspected         standard input is what docker inspect says of the containers: where there is no docker

Exit codes: 0 nothing is broken, 1 something is, 2 wrong usage.
`;

function readArguments() {
  const { values, positionals } = readCommandLine(usage, {
    options: {
      url: { type: 'string' },
      address: { type: 'string', multiple: true },
      dns: { type: 'string' },
      clock: { type: 'string', default: 'https://acme-v02.api.letsencrypt.org/directory' },
      project: { type: 'string', default: 'blockbot' },
      inspected: { type: 'boolean', default: false },
    },
    maximumPositionals: parts.length,
  });
  const foreign = positionals.find((part) => !parts.includes(part));
  if (foreign !== undefined) refuseUsage(usage, `'${foreign}' is none of the parts: ${parts.join(', ')}`);
  const { url, clock } = values;
  if (url !== undefined && !isWebAddress(url))
    refuseUsage(usage, `--url '${url}' is no http:// or https:// URL`);
  if (!isWebAddress(clock)) refuseUsage(usage, `--clock '${clock}' is no http:// or https:// URL`);
  return {
    ...values,
    resolver: createResolver(values.dns),
    chosen: positionals.length > 0 ? positionals : parts,
  };
}

const isWebAddress = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

function createResolver(server: string | undefined): Resolver {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  try {
    if (server !== undefined) resolver.setServers([server]);
  } catch {
    refuseUsage(usage, `--dns '${server}' is no address of a name server`);
  }
  return resolver;
}

type Options = ReturnType<typeof readArguments>;

async function main(options: Options): Promise<number> {
  const found: Finding[] = [];
  const tell = (findings: readonly Finding[]) => {
    found.push(...findings);
    for (const finding of findings) console.log(toLine(finding));
  };
  let publicUrl = options.url ?? process.env['PUBLIC_URL'];
  if (options.chosen.includes('inside')) {
    const { findings, environment } = examineEnvironment(process.env);
    tell(findings);
    publicUrl ??= environment?.PUBLIC_URL;
    const { DATABASE_URL, TOKEN_SECRET } = environment ?? {};
    if (environment && DATABASE_URL !== undefined) {
      tell(await examineDatabase(DATABASE_URL, new URL('../db/migrations/', import.meta.url)));
      tell(await examineSecrets(DATABASE_URL, TOKEN_SECRET ?? []));
      tell(await examineRedis(environment));
    }
  }
  if (options.chosen.includes('outside')) {
    if (publicUrl === undefined) tell([skipped('outside', 'neither --url nor PUBLIC_URL is given')]);
    else if (!isWebAddress(publicUrl)) tell([skipped('outside', 'PUBLIC_URL is no http:// or https:// URL')]);
    else await examineOutside(new URL(publicUrl), options, tell);
  }
  if (options.chosen.includes('containers')) {
    tell(
      options.inspected
        ? judgeInspected(parseInspected(await text(process.stdin)))
        : examineContainers(options.project),
    );
  }
  const count = (status: Status) => found.filter((finding) => finding.status === status).length;
  console.log(`\n${count('ok')} well, ${count('warn')} to look at, ${count('fail')} broken`);
  return count('fail') > 0 ? 1 : 0;
}

async function examineOutside(
  url: URL,
  { resolver, address = ownAddresses(), clock }: Options,
  tell: (findings: readonly Finding[]) => void,
): Promise<void> {
  tell([await examineClock(new URL(clock))]);
  const resend = !process.env['SMTP_URL'] && !process.env['SMTP_URL_FILE'];
  tell(await examineSender(resolver, process.env['MAIL_FROM'], { resend }));
  const { findings, addresses } = await examineDomain(resolver, url.hostname, address);
  tell(findings);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const [first] = addresses;
  for (const each of addresses) tell([await examinePort(each, port)]);
  if (first === undefined) return;
  try {
    if (url.protocol === 'https:') {
      if (port === 443) tell([await examinePort(first, 80), await examineRedirect(url.hostname, first)]);
      tell(await examineCertificate(url.hostname, first, port));
    }
    tell([await examineReadiness(url, first)]);
    tell(await examineProxyHops(url, first));
  } catch (error) {
    tell([
      fail('outside', toErrorMessage(error), 'The connection broke: docker compose logs traefik router'),
    ]);
  }
}

const colours = { ok: 'green', warn: 'yellow', fail: 'red', skipped: 'gray' } as const;

function toLine({ status, name, said, advice }: Finding): string {
  const word = status.padEnd(7);
  const shown = process.stdout.isTTY ? styleText(colours[status], word) : word;
  return `${shown} ${name}: ${said}${advice === undefined ? '' : `\n        -> ${advice}`}`;
}

try {
  process.exitCode = await main(readArguments());
} catch (error) {
  process.stderr.write(`doctor: ${toErrorMessage(error)}\n`);
  process.exitCode = 1;
}

/** The deployment as the world meets it: ports, certificate, clock, and whom the proxies say is calling. */
import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import { connect as connectTls, type PeerCertificate } from 'node:tls';
import { toErrorMessage } from '../../lib/core/error-message.ts';
import { fail, type Finding, ok, skipped, warn } from './finding.ts';

const timeoutMs = 5000;

/** A port that nobody answers at is closed, or a firewall drops what goes there. */
export async function examinePort(address: string, port: number): Promise<Finding> {
  const name = `port ${port}`;
  const socket = connect({ host: address, port, timeout: timeoutMs });
  socket.once('timeout', () => socket.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)));
  try {
    await once(socket, 'connect');
    return ok(name, `open at ${address}`);
  } catch (error) {
    return fail(
      name,
      `${address}: ${toErrorMessage(error)}`,
      `Is Traefik up (docker compose ps), is ${port} open in the host's firewall and the provider's?`,
    );
  } finally {
    socket.destroy();
  }
}

export async function examineRedirect(host: string, address: string, port = 80): Promise<Finding> {
  const name = 'http redirect';
  const answer = await ask(new URL(`http://${host}:${port}/health/live`), address);
  const location = answer.headers.location ?? '';
  return location.startsWith(`https://${host}`)
    ? ok(name, 'to https')
    : warn(
        name,
        `answers ${answer.statusCode} ${location}`,
        'Let port 80 redirect to https (traefik.yml, entryPoints)',
      );
}

export async function examineCertificate(host: string, address: string, port: number): Promise<Finding[]> {
  const name = 'certificate';
  // What is wrong with it is to be told, and not to end the connection.
  const socket = connectTls({
    host: address,
    port,
    servername: host,
    rejectUnauthorized: false,
    timeout: timeoutMs,
  });
  socket.once('timeout', () => socket.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)));
  try {
    await once(socket, 'secureConnect');
    const certificate = socket.getPeerCertificate();
    return [
      ...judgeIssuer(certificate, socket.authorized, String(socket.authorizationError)),
      judgeExpiry(certificate),
    ];
  } catch (error) {
    return [
      fail(
        name,
        toErrorMessage(error),
        'With sniStrict an unknown name is refused: is DOMAIN right, has the certificate been issued (docker compose logs traefik)?',
      ),
    ];
  } finally {
    socket.destroy();
  }
}

function judgeIssuer({ issuer, subject }: PeerCertificate, trusted: boolean, error: string): Finding[] {
  const name = 'certificate';
  const by = [issuer.O, issuer.CN].flat().filter(Boolean).join(' ');
  if (String(subject.CN).includes('TRAEFIK DEFAULT CERT')) {
    return [
      fail(
        name,
        "is Traefik's own",
        "Let's Encrypt gave none: check DNS, ports 80 and 443, then docker compose logs traefik",
      ),
    ];
  }
  if (/staging/i.test(by)) {
    return [
      warn(
        name,
        `is of the staging authority (${by})`,
        'If all else is well: ACME_CA=production in .env, then up -d',
      ),
    ];
  }
  return trusted
    ? [ok(name, `issued by ${by}`)]
    : [
        fail(
          name,
          `is not trusted: ${error}`,
          'Is it for this name, with its whole chain, from a public authority?',
        ),
      ];
}

/** Let's Encrypt's certificates of 64 days are renewed with 21 left; a week is time for a person. */
function judgeExpiry({ valid_to }: PeerCertificate): Finding {
  const name = 'certificate expiry';
  const days = (Date.parse(valid_to) - Date.now()) / 86_400_000;
  const advice = 'It is renewed by itself, and was not: docker compose logs traefik | grep -i acme';
  if (days < 0) return fail(name, `expired ${valid_to}`, advice);
  const left = `${Math.floor(days)} days left`;
  return days < 7 ? fail(name, left, advice) : days < 14 ? warn(name, left, advice) : ok(name, left);
}

/** Whether somebody who writes an X-Forwarded-For is believed: then limits are nothing, a new address is a new quota. */
export async function examineProxyHops(url: URL, address: string): Promise<Finding[]> {
  const name = 'proxy hops';
  const remaining = async (headers: Record<string, string>) => {
    const answer = await ask(new URL('/.well-known/jwks.json', url), address, headers);
    return Number(/"api";r=(\d+)/.exec(String(answer.headers['ratelimit']))?.[1]);
  };
  // Twice, so that less is left to us than to somebody new.
  await remaining({});
  const before = await remaining({});
  const forged = await remaining({ 'X-Forwarded-For': `192.0.2.${1 + Math.floor(Math.random() * 250)}` });
  if (Number.isNaN(before) || Number.isNaN(forged)) {
    return [skipped(name, 'no RateLimit header came back: is this a Blockbot?')];
  }
  return [
    forged > before
      ? fail(
          name,
          'a forged X-Forwarded-For is believed: it got a quota of its own',
          'TRUSTED_PROXY_HOPS is higher than the number of proxies, or Traefik trusts too many (EDGE_TRUSTED_IPS)',
        )
      : ok(name, 'a forged X-Forwarded-For changes nothing'),
  ];
}

export async function examineReadiness(url: URL, address: string): Promise<Finding> {
  const { statusCode } = await ask(new URL('/health/ready', url), address);
  const advice =
    statusCode === 404
      ? 'Traefik has no route: is DOMAIN right, is the router healthy (docker compose ps)?'
      : 'docker compose logs router tells why; DEPLOYMENT.md, Troubleshooting';
  return statusCode === 200
    ? ok('ready', 'yes')
    : fail('ready', `/health/ready answers ${statusCode}`, advice);
}

/** Against the Date of a server elsewhere: good to a second, which is all that tokens need. */
export async function examineClock(url: URL): Promise<Finding> {
  const name = 'clock';
  try {
    const answer = await ask(url, url.hostname);
    const seconds = Math.abs(Date.parse(String(answer.headers.date)) - Date.now()) / 1000;
    if (Number.isNaN(seconds)) return skipped(name, `${url.host} tells no time`);
    return seconds > 5
      ? fail(name, `${seconds.toFixed(0)} s off`, 'Tokens expire early or late: timedatectl set-ntp true')
      : ok(name, 'right to a few seconds');
  } catch (error) {
    return warn(
      name,
      `${url.host}: ${toErrorMessage(error)}`,
      'Is there a way out? Certificates and emails need it too',
    );
  }
}

/** One request to this very address; the certificate is judged elsewhere. */
async function ask(
  url: URL,
  address: string,
  headers: Record<string, string> = {},
): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  const sent = (secure ? requestHttps : requestHttp)({
    host: address,
    port: url.port || (secure ? 443 : 80),
    path: url.pathname,
    headers: { ...headers, Host: url.host },
    timeout: timeoutMs,
    agent: false,
    ...(secure && { servername: url.hostname, rejectUnauthorized: false }),
  });
  sent.on('timeout', () => sent.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)));
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer;
}

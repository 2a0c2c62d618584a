/** TLS with the edge, as a client that wants something in particular. */
import { once } from 'node:events';
import tls from 'node:tls';
import { domain } from './edge-client.ts';

export interface Handshake {
  readonly protocol: string | null;
  /** Of the certificate, if it is one that the authority has issued for the name. */
  readonly serial: string | undefined;
  readonly names: string | undefined;
  readonly issuer: string | undefined;
}

/** What was agreed upon, or the code of the refusal. */
export async function shakeHands(options: tls.ConnectionOptions): Promise<Handshake | string> {
  const socket = tls.connect({ host: '127.0.0.1', port: 443, servername: domain, ...options });
  try {
    await once(socket, 'secureConnect');
    const { serialNumber, subjectaltname, issuer } = socket.getPeerCertificate();
    return {
      protocol: socket.getProtocol(),
      serial: serialNumber,
      names: subjectaltname,
      issuer: String(issuer.CN),
    };
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    socket.destroy();
  }
}

/**
 * A socket to Postgres on Workers. workerd has `node:net`, but its `node:tls` never begins a handshake on a socket that is
 * open, which is how Postgres goes over to TLS; `cloudflare:sockets` has `startTls` for that. Bundled in the place of
 * `db/dial.ts`, with the build of postgres.js that is made for it.
 * https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/
 */
import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'cloudflare:sockets';
import type { DialledSocket, DialOptions } from '../../db/dial.ts';
import { Outage } from '../../db/outage.ts';

export function dial({ host: [host = 'localhost'], port: [port = 5432] }: DialOptions): DialledSocket {
  return new WorkersSocket(host, port);
}

/** What postgres.js for Workers asks of a socket. */
export class WorkersSocket extends EventEmitter implements DialledSocket {
  bytesRead = 0;
  readyState: 'open' | 'upgrading' | 'upgrade' | 'closed' = 'open';
  raw: Socket;
  writer: WritableStreamDefaultWriter<Uint8Array>;
  reader: ReadableStreamDefaultReader<Uint8Array>;
  /** The name in the certificate. */
  readonly host: string;

  constructor(hostname: string, port: number) {
    super();
    this.host = hostname;
    this.raw = connect({ hostname, port }, { secureTransport: 'starttls', allowHalfOpen: false });
    this.writer = this.raw.writable.getWriter();
    this.reader = this.raw.readable.getReader();
    this.raw.opened.catch((error: unknown) => this.#fail(error));
    this.raw.closed.then(
      () => this.#afterPlain(),
      (error: unknown) => this.#fail(error),
    );
    void this.read();
  }

  /** What went wrong has no code here; and nobody listens any more once postgres.js has given the socket up. */
  override emit(event: string, ...values: readonly unknown[]): boolean {
    if (event !== 'error') return super.emit(event, ...values);
    const [error] = values;
    const message = error instanceof Error ? error.message : String(error);
    const outage = new Outage('CONNECTION_LOST', message, { cause: error });
    return this.listenerCount('error') > 0 && super.emit('error', outage);
  }

  /** Goes on encrypted: when the plain socket is over, `secureConnect` says so. */
  startTls(): this {
    this.writer.releaseLock();
    this.reader.releaseLock();
    this.readyState = 'upgrading';
    this.raw = this.raw.startTls();
    this.raw.closed.then(
      () => this.#close(),
      (error: unknown) => this.#fail(error),
    );
    this.writer = this.raw.writable.getWriter();
    this.reader = this.raw.readable.getReader();
    void this.writer.ready.then(() => {
      void this.read();
      this.readyState = 'upgrade';
    });
    return this;
  }

  /** The plain socket is over when TLS has begun on it, too. */
  #afterPlain(): void {
    if (this.readyState !== 'upgrade' && this.readyState !== 'upgrading') return this.#close();
    this.readyState = 'open';
    this.emit('secureConnect');
  }

  /** Hands on what arrives, up to the end, or to the one byte by which the server agrees to TLS: what follows is encrypted. */
  async read(): Promise<void> {
    const { reader } = this;
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        this.bytesRead += next.value.length;
        this.emit('data', Buffer.from(next.value));
        if (isAgreement(next.value)) return;
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  write(bytes: Uint8Array, done?: () => void): boolean {
    this.writer.write(bytes).then(done, (error: unknown) => this.#fail(error));
    return true;
  }

  end(bytes?: Uint8Array): void {
    if (bytes) this.write(bytes, () => this.destroy());
    else this.destroy();
  }

  /** At once, whether or not anybody is at the other end. */
  destroy(): void {
    this.raw.close().catch(() => undefined);
    this.#close();
  }

  #fail(error: unknown): void {
    if (this.readyState === 'closed') return;
    this.emit('error', error);
    this.#close();
  }

  #close(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.emit('close');
  }
}

/** `S`, alone: the first of any other message of the server has more bytes. */
const isAgreement = (bytes: Uint8Array) => bytes.length === 1 && bytes[0] === 0x53;

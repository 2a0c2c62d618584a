/** What we use of workerd's own module; its package of types declares a whole platform, and would do so for every file. */
declare module 'cloudflare:sockets' {
  export interface Socket {
    readonly readable: ReadableStream<Uint8Array>;
    readonly writable: WritableStream<Uint8Array>;
    readonly opened: Promise<unknown>;
    /** Resolves when it is closed, or gone over to TLS. */
    readonly closed: Promise<void>;
    readonly close: () => Promise<void>;
    /** The same connection, encrypted; the plain socket is over then. */
    readonly startTls: () => Socket;
  }

  export function connect(
    address: { readonly hostname: string; readonly port: number },
    options: { readonly secureTransport: 'starttls'; readonly allowHalfOpen: boolean },
  ): Socket;
}

/** What functions need to know of the deployment they run in. Secrets are services of their own. */
export interface Settings {
  /** Issuer of tokens and our own audience, base of problem types and links; no slash at the end. */
  readonly publicUrl: string;
  /** Who may be believed about the client's address (`client-address.ts`). */
  readonly trustedProxies: TrustedProxies;
  /** Origins whose pages may call the API from a browser; none unless told. */
  readonly corsOrigins: ReadonlySet<string>;
  /** Those of them on our own site whose pages may use a browser's cookies (`http/own-app.ts`). */
  readonly cookieOrigins: ReadonlySet<string>;
  /** Whether an account must prove its mail address before it gets a session. */
  readonly requireEmailVerification: boolean;
  /** Whether a stranger may make an account, by registering or by a first mailed link. */
  readonly signUpOpen: boolean;
  /** What `/` is: the page, nothing, or the address of a site of the operator's that it leads to. */
  readonly homePage: 'show' | 'hide' | `http${string}`;
  /** Origins and schemes, besides our own origin, to which a mailed link may lead on (`http/redirect.ts`). */
  readonly redirectOrigins: ReadonlySet<string>;
  /** Services behind the gate, for which it signs identities (`functions/gate/check.ts`). */
  readonly gateAudiences: ReadonlySet<string>;
  /** Who knows it may have waiting emails sent: a platform's scheduler. */
  readonly cronSecret: string | undefined;
  /** Who knows it is a server of the product, which may say on whose behalf it asks. */
  readonly backendToken: string | undefined;
  /** Who knows it sees more on `/health`. */
  readonly healthToken: string | undefined;
}

/** A number of proxies in front of us, each of which appends the peer it saw, or their networks (CIDR). */
export type TrustedProxies = { readonly hops: number } | { readonly networks: readonly string[] };

/** Who is signed in: the token pair in the store, refreshed by one for all who ask, and who wants to know when it changes. */
import type { TokenPair } from './api.ts';
import type { Failure, Success } from './answer.ts';
import { exclusively } from './exclusive.ts';
import type { Store } from './store.ts';

export interface Tokens {
  /** The same for all pairs of one sign-in. */
  readonly signIn: number;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** By the clock of this client, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** `signed-in` by this client, another tab, or as somebody else; `session-ended` by the API; `signed-out` by anybody else. */
export type SessionChange = 'signed-in' | 'signed-out' | 'session-ended';

/** The tokens to send, none where nobody is signed in, or why there are none although somebody is. */
export interface Held {
  readonly tokens?: Tokens;
  readonly failure?: Failure;
}

const name = 'session';
/** Milliseconds before its end from which on a token is refreshed: it has to be good when it arrives. */
const earlyMs = 30_000;
/** Milliseconds that the tokens of another tab are waited for, once it has done with refreshing. */
const newsMs = 250;

export class Session {
  readonly #store: Store;
  readonly #rotate: (refreshToken: string) => Promise<Success | Failure>;
  readonly #listeners = new Set<(change: SessionChange) => void>();
  #refreshing: Promise<Held> | undefined;
  /** The sign-in that listeners have been told of; null before the first look. */
  #known: number | undefined | null = null;
  #stopWatching: (() => void) | undefined;

  /** @param rotate asks the API for the next pair */
  constructor(store: Store, rotate: (refreshToken: string) => Promise<Success | Failure>) {
    this.#store = store;
    this.#rotate = rotate;
  }

  /** Looks into the store, which another tab may have changed. */
  async read(): Promise<Tokens | undefined> {
    const tokens = parse(await this.#store.get(name));
    if (this.#known === null) this.#known = tokens?.signIn;
    if (this.#known !== tokens?.signIn) this.#tell(tokens?.signIn, tokens ? 'signed-in' : 'signed-out');
    return tokens;
  }

  /** The tokens to send, refreshed when their end is near. */
  async hold(signal?: AbortSignal): Promise<Held> {
    const tokens = await this.read();
    if (!tokens) return {};
    if (tokens.expiresAt - Date.now() > earlyMs) return { tokens };
    const held = await this.renew(tokens, signal);
    // Good for some seconds yet: that there are no newer ones stops nobody.
    return held.failure && tokens.expiresAt > Date.now() ? { tokens } : held;
  }

  /**
   * Other tokens than these, of the same sign-in. One refresh serves all who ask meanwhile, and goes on when one of them is
   * aborted, because its answer has to be kept.
   *
   * @throws the signal's reason once it is aborted
   */
  async renew(stale: Tokens, signal?: AbortSignal): Promise<Held> {
    this.#refreshing ??= exclusively(this.#store.sharedAs, (waited) => this.#refresh(stale, waited)).finally(
      () => {
        this.#refreshing = undefined;
      },
    );
    const held = await untilAborted(this.#refreshing, signal);
    // What was begun for one person is not sent on with the tokens of the next.
    return held.tokens && held.tokens.signIn !== stale.signIn ? {} : held;
  }

  async start(pair: TokenPair): Promise<void> {
    await this.#write(toTokens(pair, Math.random()));
  }

  /**
   * Takes what a call with these tokens was answered: an access token of another organization, or the next pair. Nobody refreshes
   * meanwhile, in another tab neither: what they are answered may be of the organization before.
   */
  async adopt(sent: Tokens, pair: Omit<TokenPair, 'refresh_token'> & Partial<TokenPair>): Promise<void> {
    await exclusively(this.#store.sharedAs, async (waited) => {
      const now = waited ? await this.#readNews(sent) : await this.read();
      // Unless signed out meanwhile, or in as somebody else.
      if (now?.signIn === sent.signIn)
        await this.#write(toTokens({ refresh_token: now.refreshToken, ...pair }, now.signIn));
    });
  }

  async end(change: Exclude<SessionChange, 'signed-in'>): Promise<void> {
    await this.#store.set(name, undefined);
    this.#tell(undefined, change);
  }

  onChange(listener: (change: SessionChange) => void): () => void {
    this.#listeners.add(listener);
    // From here on a change is one against what is there now.
    void this.read();
    this.#stopWatching ??= this.#store.watch?.(() => void this.read());
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stopWatching?.();
      this.#stopWatching = undefined;
    };
  }

  async #write(tokens: Tokens): Promise<Tokens> {
    await this.#store.set(name, JSON.stringify(tokens));
    if (this.#known !== tokens.signIn) this.#tell(tokens.signIn, 'signed-in');
    return tokens;
  }

  #tell(signIn: number | undefined, change: SessionChange): void {
    this.#known = signIn;
    for (const listener of this.#listeners) listener(change);
  }

  /** What another tab has written. Browsers hand it from process to process, which may take longer than the lock does. */
  async #readNews(stale: Tokens): Promise<Tokens | undefined> {
    const tokens = await this.read();
    if (tokens?.accessToken !== stale.accessToken || !this.#store.watch) return tokens;
    await untilChanged(this.#store.watch, newsMs);
    return this.read();
  }

  async #refresh(stale: Tokens, waited: boolean): Promise<Held> {
    const tokens = waited ? await this.#readNews(stale) : await this.read();
    if (tokens?.signIn !== stale.signIn) return {};
    // Another tab was faster.
    if (tokens.accessToken !== stale.accessToken) return { tokens };
    const answer = await this.#rotate(tokens.refreshToken);
    const now = await this.read();
    // Signed out meanwhile, or in as somebody else: these tokens are nobody's any more.
    if (now?.signIn !== tokens.signIn) return {};
    if (!answer.error) {
      const next = toTokens(answer.data as TokenPair, now.signIn);
      // Where nobody can be kept waiting, a switch to another organization may have been faster: its access token stays.
      const isLast = now.accessToken === tokens.accessToken;
      return { tokens: await this.#write(isLast ? next : { ...now, refreshToken: next.refreshToken }) };
    }
    if (!/^refresh-token-/.test(answer.error.slug)) return { failure: answer };
    if (now.refreshToken !== tokens.refreshToken) return { tokens: now };
    await this.end('session-ended');
    return {};
  }
}

const toTokens = ({ access_token, refresh_token, expires_in }: TokenPair, signIn: number): Tokens => ({
  signIn,
  accessToken: access_token,
  refreshToken: refresh_token,
  expiresAt: Date.now() + expires_in * 1000,
});

/** What somebody else has written there counts as nothing. */
function parse(text: string | null | undefined): Tokens | undefined {
  try {
    const tokens: unknown = JSON.parse(text ?? 'null');
    return typeof tokens === 'object' && tokens !== null && 'refreshToken' in tokens
      ? (tokens as Tokens)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Resolves at the next change, or after a time in milliseconds. */
function untilChanged(watch: (onChange: () => void) => () => void, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    const stop = watch(end);
    const timer = setTimeout(end, ms);
  });
}

function untilAborted<Result>(promise: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

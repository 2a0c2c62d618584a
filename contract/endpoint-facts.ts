/** An endpoint as its callers see it. */
export interface EndpointFacts {
  readonly name: string;
  readonly method: string;
  /** With an id where one belongs. */
  readonly path: string;
  readonly needsUser: boolean;
  /** Takes an API key, and nobody else. */
  readonly needsKey: boolean;
  readonly needsBrowserUser: boolean;
  readonly needsScheduler: boolean;
  /** Takes the cookies of a browser, from apps of `COOKIE_ORIGINS` alone. */
  readonly needsOwnApp: boolean;
  /** Answers a browser: problems are pages, and bodies forms. */
  readonly isPage: boolean;
  readonly takesBody: boolean;
  /** Whether that body is the form of a client of OAuth. */
  readonly takesForm: boolean;
  readonly policies: readonly {
    readonly name: string;
    readonly keyedBy: string;
    readonly isSilent?: boolean;
  }[];
}

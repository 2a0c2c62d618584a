/** A store in `localStorage` or `sessionStorage`, so that a reload or another tab finds its people signed in. */
import type { Store } from './store.ts';

/** As much of the Web Storage API as is used (https://html.spec.whatwg.org/multipage/webstorage.html). */
export interface WebStorage {
  readonly getItem: (name: string) => string | null;
  readonly setItem: (name: string, text: string) => void;
  readonly removeItem: (name: string) => void;
}

interface StorageChange {
  readonly storageArea?: unknown;
}

interface Page {
  readonly addEventListener?: (type: 'storage', listener: (event: StorageChange) => void) => void;
  readonly removeEventListener?: (type: 'storage', listener: (event: StorageChange) => void) => void;
}

/**
 * Any script that runs in the page can read it, and so could one that was smuggled in: it would have the session until it
 * ends, where with a store in memory it has it as long as the page is open. Take it for the convenience, with a
 * Content-Security-Policy that lets no foreign script run.
 *
 * @param prefix of all names; two clients of one origin that belong to different deployments need different ones
 * @example createClient({ baseUrl, store: createWebStore(localStorage) })
 */
export function createWebStore(storage: WebStorage, prefix = 'blockbot'): Store {
  return {
    sharedAs: prefix,
    get: (name) => storage.getItem(`${prefix}:${name}`),
    set: (name, text) => {
      if (text === undefined) storage.removeItem(`${prefix}:${name}`);
      else storage.setItem(`${prefix}:${name}`, text);
    },
    watch: (onChange) => {
      const page = globalThis as Page;
      const listener = ({ storageArea }: StorageChange) => {
        if (storageArea === storage) onChange();
      };
      page.addEventListener?.('storage', listener);
      return () => page.removeEventListener?.('storage', listener);
    },
  };
}

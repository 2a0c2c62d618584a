/** Where a client keeps what it has to remember: tokens, device tokens, bindings. */

/** Anything that keeps texts by name; it may take its time. */
export interface Store {
  readonly get: (name: string) => Remembered | Promise<Remembered>;
  /** Forgets what is undefined. */
  readonly set: (name: string, text: string | undefined) => void | Promise<void>;
  /** Calls back when somebody else, such as another tab, has changed something; answers how to stop that. */
  readonly watch?: (onChange: () => void) => () => void;
  /** What all who share it call it, so that one of them refreshes for all; without it, nobody else has it. */
  readonly sharedAs?: string;
}

type Remembered = string | null | undefined;

/** The default: gone with the page or the process, and nobody else reads it. */
export function createMemoryStore(): Store {
  const texts = new Map<string, string>();
  return {
    get: (name) => texts.get(name),
    set: (name, text) => {
      if (text === undefined) texts.delete(name);
      else texts.set(name, text);
    },
  };
}

/** Stores of one origin, a tab each: what one writes all read, and all but the one that wrote are told. */
import { createMemoryStore, type Store } from '../../client/store.ts';

/** @returns the store of one more tab, at each call */
export function createSharedStore(): () => Store {
  const memory = createMemoryStore();
  const tabs = new Set<EventTarget>();
  return () => {
    const own = new EventTarget();
    tabs.add(own);
    return {
      get: memory.get,
      set: async (name, text) => {
        await memory.set(name, text);
        for (const tab of tabs) if (tab !== own) tab.dispatchEvent(new Event('change'));
      },
      watch: (onChange) => {
        own.addEventListener('change', onChange);
        return () => own.removeEventListener('change', onChange);
      },
    };
  };
}

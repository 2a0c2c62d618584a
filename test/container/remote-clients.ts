/** Clients on another machine, as far as this one's firewall can tell: a process in a network of its own, by a cable to here. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Load, Person, Tally } from './edge-client.ts';
import { must } from './engine.ts';
import type { Order, Reply } from './remote-client.ts';

/** The ends of the cable; Docker's own networks are elsewhere in 192.168.0.0/16. */
const [here, there] = ['192.168.77.1', '192.168.77.2'];
const [cable, otherEnd] = ['remote-clients', 'remote-end'];

export interface RemoteClients {
  readonly startLoad: (
    people: readonly Person[],
    options: { readonly perSecond: number },
  ) => Promise<Pick<Load, 'answered' | 'stop'>>;
  readonly leave: () => Promise<void>;
}

/** @param authority whom they trust; the edge has to be published at every address of this machine */
export async function createRemoteClients(authority: string): Promise<RemoteClients> {
  const program = join(import.meta.dirname, 'remote-client.ts');
  const child = spawn('unshare', ['--net', process.execPath, '--import', 'tsx', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  // By its first message it is where it belongs.
  await once(child, 'message');
  const pid = String(child.pid);
  await must('ip', 'link', 'add', cable, 'type', 'veth', 'peer', 'name', otherEnd, 'netns', pid);
  await must('ip', 'address', 'add', `${here}/30`, 'dev', cable);
  await must('ip', 'link', 'set', cable, 'up');
  const inside = (...args: readonly string[]) => must('nsenter', '--target', pid, '--net', 'ip', ...args);
  await inside('address', 'add', `${there}/30`, 'dev', otherEnd);
  await inside('link', 'set', otherEnd, 'up');
  await inside('route', 'add', 'default', 'via', here);
  await ask(child, { kind: 'trust', authority, host: here });
  return {
    startLoad: async (people, { perSecond }) => {
      await ask(child, { kind: 'start', people, perSecond });
      return {
        answered: async (count) => {
          await ask(child, { kind: 'answered', count });
        },
        stop: async () => {
          const ended = await ask(child, { kind: 'stop' });
          if (!ended) throw new Error('the clients have counted nothing');
          // Their tokens are others by now.
          for (const [index, person] of people.entries()) Object.assign(person, ended.people[index]);
          return ended.tally;
        },
      };
    },
    leave: async () => {
      // The cable goes with its end.
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function ask(
  child: ChildProcess,
  order: Order,
): Promise<{ readonly tally: Tally; readonly people: readonly Person[] } | undefined> {
  const over = new AbortController();
  const replied = Promise.race([
    once(child, 'message', over) as Promise<[Reply]>,
    once(child, 'exit', over).then(() => Promise.reject(new Error('the clients are gone'))),
  ]);
  child.send(order);
  try {
    const [{ ended }] = await replied;
    return ended;
  } finally {
    over.abort();
  }
}

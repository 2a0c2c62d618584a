/** A mailbox for tests: letters stay where they were handed in, and give up their link's token and their code. */
import type { OutgoingLetter, Transport } from '../../lib/mail/transport.ts';

export interface KeptLetter extends OutgoingLetter {
  /** The name of the letter, such as `sign-in`. */
  readonly letter: string;
  /** What stands behind the `#` of the letter's link; empty in a letter that has none. */
  readonly token: string;
  /** The six digits; empty in a letter that has none. */
  readonly code: string;
}

export interface KeptLetters extends Transport {
  readonly letters: readonly Omit<KeptLetter, 'letter'>[];
}

export function createKeptLetters(): KeptLetters {
  const letters: Omit<KeptLetter, 'letter'>[] = [];
  return {
    letters,
    send: (letter) => {
      letters.push({ ...letter, ...findProof(letter.text) });
      return Promise.resolve({ outcome: 'accepted' });
    },
  };
}

function findProof(text: string): { token: string; code: string } {
  return {
    token: text.match(/#([\w-]{43})(?![\w-])/)?.[1] ?? '',
    code: text.match(/^\s*(\d{6})\s*$/m)?.[1] ?? '',
  };
}

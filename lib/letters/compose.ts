/** A stand-in until the words are there. */
import { type LetterName, type LetterParameters, toLink } from './parameters.ts';

const purposes = {
  'sign-in': 'sign-in',
  'sign-up': 'sign-in',
  'email-verification': 'email-verification',
  'password-reset': 'password-reset',
  'email-change': 'email-change',
} as const;

export interface ComposedLetter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function composeLetter<Name extends LetterName>(
  letter: Name,
  parameters: LetterParameters[Name],
  { publicUrl }: { readonly publicUrl: string },
): ComposedLetter {
  const purpose = letter in purposes ? purposes[letter as keyof typeof purposes] : undefined;
  const text =
    'token' in parameters && purpose
      ? `${toLink(publicUrl, purpose, parameters.token)}\n\n${parameters.code}\n`
      : `${JSON.stringify(parameters)}\n`;
  return { subject: letter, text, html: `<pre>${text}</pre>` };
}

/** Problems as a person reads them on a page: what happened, and what to do next. */
import { type FieldError, type Problem, type ProblemSlug, problems } from '../core/problem.ts';

/** Why a form was not taken, and what it was filled with. */
export interface Refusal {
  readonly slug: ProblemSlug;
  readonly title: string;
  readonly advice: string;
  /** Field name -> what is wrong with it. */
  readonly errors: Readonly<Record<string, string>>;
  /** Field name -> what was typed; never a password. */
  readonly values: Readonly<Record<string, string>>;
  readonly requestId: string;
}

// What the catalogue says to programmers, said to people; a title that suits both is not here.
const wording: Partial<Record<ProblemSlug, { readonly title?: string; readonly advice: string }>> = {
  'malformed-request': { advice: 'Go back, reload the page and send it again.' },
  'unsupported-media-type': {
    title: 'The form could not be read',
    advice: 'Go back, reload the page and send it again.',
  },
  'content-too-large': { title: 'The form is too large', advice: 'Go back and fill in less.' },
  'invalid-credentials': {
    title: 'The email address or the password is wrong',
    advice: 'Check both, or have a link mailed to you instead.',
  },
  'verification-invalid': {
    advice: 'Check it, or ask for a new one. After five wrong codes, only the link still works.',
  },
  'verification-used': {
    title: 'This link was used already',
    advice: 'Each link works once. If it was not you who used it, ask for a new one: that ends the old one.',
  },
  'verification-expired': {
    title: 'This link is no longer valid',
    advice: 'A link lives for 15 minutes, or until a newer one is asked for. Ask for a new one.',
  },
  'cross-site-request': {
    advice:
      'To keep your account safe, forms are taken from our own pages only. Open the page and send it from there.',
  },
  'email-unverified': {
    title: 'Your email address is not confirmed yet',
    advice: 'Open the link that we mailed to you, or ask for a new one.',
  },
  'email-taken': {
    title: 'This email address has an account',
    advice: 'Sign in with it, or use another address.',
  },
  'sign-up-closed': { advice: 'Ask the people who run this service for an account.' },
  'password-incorrect': { advice: 'Nothing was changed. Try again with the password of this account.' },
  'reauthentication-required': {
    advice: 'For your safety, sign out, sign in again, and do it within 15 minutes.',
  },
  'invalid-input': { title: 'Something is missing or not right', advice: 'See below what it is.' },
  'quota-exceeded': { title: 'Too many tries', advice: '' },
  'internal-error': {
    advice: 'It was not you. Try again in a while; if it stays, tell us the number below.',
  },
  overloaded: { title: 'Too many people at once', advice: '' },
  'service-unavailable': { title: 'We are briefly away', advice: '' },
};

export function toRefusal(
  problem: Problem,
  { retryAfter, values, requestId }: { retryAfter: string | null } & Pick<Refusal, 'values' | 'requestId'>,
): Refusal {
  const { slug, members } = problem;
  const { title = problems[slug].title, advice = problems[slug].advice } = wording[slug] ?? {};
  // `#/email` -> `email`; forms are flat, and of names that came from outside the schema only known ones are asked for.
  const errors = Object.fromEntries(
    (members.errors ?? []).map((error) => [error.pointer.slice(2), explain(error)]),
  );
  return {
    slug,
    title,
    advice: advice || `Try again ${toDelay(retryAfter)}.`,
    errors,
    values,
    requestId,
  };
}

function explain({ pointer, code, detail }: FieldError): string {
  if (code === 'required') return 'Fill this in';
  return pointer === '#/email' && code === 'invalid' ? 'Write it like name@example.com' : detail;
}

function toDelay(retryAfter: string | null): string {
  const seconds = Number(retryAfter ?? 1);
  if (seconds < 60) return `in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  const minutes = Math.ceil(seconds / 60);
  return `in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

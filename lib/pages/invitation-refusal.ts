/** Why an invitation or a join link lets nobody in, in words that no other page has to carry. */
import type { Language } from '../../db/languages.ts';
import type { ProblemSlug } from '../core/problem.ts';
import { invitationRefusalCopy } from './copy.ts';
import type { Refusal } from './refusal.ts';

type Words = Pick<Refusal, 'title' | 'advice'>;

/** The words for it; undefined for what any other form may be refused by. */
export function toInvitationWords(language: Language, { slug }: Refusal): Words | undefined {
  const words: Partial<Record<ProblemSlug, Words>> = invitationRefusalCopy[language];
  return words[slug];
}

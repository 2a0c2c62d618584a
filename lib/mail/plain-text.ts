/** An email as plain text: for those who read it so, and for clients and filters that distrust mail without it. */
import { brand } from '../core/brand.ts';
import type { Language } from '../../db/languages.ts';
import type { Content } from './content.ts';

// Lines are not wrapped: a phone and a terminal break them each in their own place.
export function toPlainText(
  { heading, lead, facts, advice, button, code, notes, why }: Content,
  language: Language,
): string {
  const paragraphs = [
    heading,
    lead,
    facts?.map(([name, value]) => `${name}: ${value}`).join('\n'),
    ...advice,
    button && `${button.label}:\n${button.href}`,
    code && `${code.hint}\n\n${code.digits}`,
    ...notes,
    // What mail clients know as the start of a signature (RFC 3676, section 4.3).
    `-- \n${brand.name}\n${why}\n${brand.support[language]}`,
  ];
  return `${paragraphs.filter((paragraph) => paragraph !== undefined).join('\n\n')}\n`;
}

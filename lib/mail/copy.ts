/** The words of emails in every language: `copy/en.ts` and its translations. */
import type { Language } from '../../db/languages.ts';
import { de } from './copy/de.ts';
import { en } from './copy/en.ts';

export type MailCopy = typeof en;

export const mailCopy: Readonly<Record<Language, MailCopy>> = { en, de };

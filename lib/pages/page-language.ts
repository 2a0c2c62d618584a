/** The language of a page, which is that of its request. */
import type { Language } from '../../db/languages.ts';
import { defaultLanguage, negotiateLanguage } from '../core/language.ts';
import type { FunctionContext } from '../http/services.ts';

export function languageOf(c: FunctionContext): Language {
  return negotiateLanguage(c.req.header('accept-language')) ?? defaultLanguage;
}

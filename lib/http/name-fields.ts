/** What people and organizations are called, as schemas. */
import * as z from 'zod/mini';

// A bidi control turns the text that follows a name around (Unicode Technical Report 36).
const printable = (text: string) => text.isWellFormed() && !/[\p{Cc}\p{Bidi_Control}]/u.test(text);
// U+2800 is a Braille cell without a dot; fillers, joiners and zero-width spaces are ignorable.
const visible = (text: string) => /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);

/** What a person or an organization is called: 1 to 100 characters, some of them visible and none a control character. */
export const displayName = z
  .string()
  .check(
    z.trim(),
    z.minLength(1),
    z.maxLength(100),
    z.refine(printable, { error: 'Must be well-formed text without control characters' }),
    z.refine(visible, { error: 'Must have a character that can be seen' }),
  );

/** What an organization's address ends in: words of small letters and digits, with single hyphens between. */
export const slug = z
  .string()
  .check(
    z.maxLength(63),
    z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Must be small letters and digits, with single hyphens between'),
  );

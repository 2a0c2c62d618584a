/** What the reader of an email presents: the token of its link, or its code with what the asking client was given. */
import * as z from 'zod/mini';
import { email } from './email-field.ts';
import { bindingField, linkToken, mailedCode } from './mailed-fields.ts';

export type PresentedVerification =
  | { readonly token: string; readonly binding?: string | undefined }
  | { readonly email: string; readonly code: string; readonly binding: string };

/** The fields of a body with a presented verification. */
export const verificationFields = {
  token: z.optional(linkToken),
  email: z.optional(email),
  code: z.optional(mailedCode),
  binding: z.optional(bindingField),
};

type VerificationFields = { [Name in keyof typeof verificationFields]?: string | undefined };

/**
 * Makes sure that a body has one verification, and answers it as `verification` beside the body's own fields. One object
 * and no union, so that each field can be blamed.
 *
 * @example json(presented(z.strictObject({ ...verificationFields, new_password: newPassword })))
 */
export function presented<Fields extends VerificationFields>(schema: z.ZodMiniType<Fields>) {
  return z.pipe(
    schema,
    z.transform((body: Fields, context): Fields & { readonly verification: PresentedVerification } => {
      const { token, email, code, binding } = body;
      if (token !== undefined && email === undefined && code === undefined) {
        return { ...body, verification: { token, binding } };
      }
      if (token === undefined && email !== undefined && code !== undefined && binding !== undefined) {
        return { ...body, verification: { email, code, binding } };
      }
      const message = 'Give the token, or the email with the code and the binding';
      context.issues.push({ code: 'custom', message, path: [toBlame(body)], input: undefined });
      return z.NEVER;
    }),
  );
}

function toBlame({ token, email, code }: VerificationFields): string {
  if (token !== undefined || email === undefined) return 'token';
  return code === undefined ? 'code' : 'binding';
}

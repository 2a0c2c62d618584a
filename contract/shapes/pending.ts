/** What a request for an email is answered, whether or not one is sent. */
import * as z from 'zod/mini';

export const binding = z
  .string()
  .check(
    z.regex(/^[A-Za-z0-9_-]{43}$/),
    z.describe('Ties the code of the email to this client: send it along with the code'),
  );

export const EmailPending = z
  .strictObject({ status: z.literal('email-pending'), binding })
  .register(z.globalRegistry, { id: 'EmailPending' });

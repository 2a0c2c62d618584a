/** What opens a session (RFC 6749, section 5.1), and what a sign-in gives beside it. */
import * as z from 'zod/mini';

export const accessTokenFields = {
  access_token: z.string().check(z.describe('A JWT (RFC 9068) for 15 minutes: send it as bearer')),
  token_type: z.literal('Bearer'),
  expires_in: z.int().check(z.positive(), z.describe('Seconds that the access token lives')),
};

export const tokenPairFields = {
  ...accessTokenFields,
  refresh_token: z
    .string()
    .check(z.regex(/^bbrt_[A-Za-z0-9_-]{91}$/), z.describe('Used up by the next refresh: keep it secret')),
};

export const TokenPair = z.strictObject(tokenPairFields).register(z.globalRegistry, { id: 'TokenPair' });

export const signInFields = {
  ...tokenPairFields,
  device_token: z
    .string()
    .check(
      z.regex(/^[A-Za-z0-9_-]{72}$/),
      z.describe(
        'Opens nothing. Keep it, and send it with the next sign-in: then strangers who try passwords lock nobody out here',
      ),
    ),
};

export const SignIn = z.strictObject(signInFields).register(z.globalRegistry, { id: 'SignIn' });

/** A JWK set of public keys. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';

const PublicKey = z
  .strictObject({
    kty: z.enum(['EC', 'OKP']),
    crv: z.enum(['P-256', 'Ed25519']),
    x: z.string(),
    y: z.optional(z.string()),
    kid: z.string(),
    alg: z.enum(['ES256', 'EdDSA']),
    use: z.literal('sig'),
  })
  .register(z.globalRegistry, { id: 'PublicKey' });

export default {
  summary: 'Get the public keys',
  answers: {
    200: {
      description: 'The keys that verify access tokens now; the first is the one that signs',
      body: z.strictObject({ keys: z.array(PublicKey).check(z.minLength(1)) }),
      mediaType: 'application/jwk-set+json',
    },
  },
} satisfies Answers;

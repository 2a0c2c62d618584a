/** What a 401 asks for (RFC 6750, section 3), and where it says that our tokens come from (RFC 9728, section 5.1). */

const metadata = String.raw`resource_metadata="https?://[^"/]+/\.well-known/oauth-protected-resource"`;

export const challenge = new RegExp(`^Bearer ${metadata}$`);
export const invalidTokenChallenge = new RegExp(`^Bearer error="invalid_token", ${metadata}$`);

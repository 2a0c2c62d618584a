/** What a caller can do about each problem, as `GET /problems/{slug}` and the pages tell it. */
import type { ProblemSlug } from './problem.ts';

export const problemAdvice: Readonly<Record<ProblemSlug, string>> = {
  'malformed-request':
    'Send well-formed UTF-8 JSON (RFC 8259), or the parameters that `errors` names as a form.',
  'grant-invalid':
    'A code works once, for a minute, with the verifier of its challenge and the address that it was sent to. Ask for another email.',
  'grant-type-unsupported': 'The metadata of the issuer lists those that are, as `grant_types_supported`.',
  'scope-invalid': 'Ask for some of what the key may, or leave `scope` out for all of it.',
  'client-invalid':
    'Send the id of an API key as `client_id` and the whole key as `client_secret`, or both by HTTP Basic.',
  'idempotency-key-required':
    'Send `Idempotency-Key: "..."`, a text in quotes that is made anew for each thing to be done, such as a UUID, and the same one when that is repeated.',
  'authentication-required': 'Send an access token as `Authorization: Bearer ...`.',
  'access-token-invalid':
    'It is expired, malformed or meant for another service. Refresh it, or sign in again.',
  'access-token-stale':
    'What it says has changed since: a role, a membership or the session itself. Refresh it, once, and try again.',
  'api-key-invalid':
    'There is no such key, or it was revoked. Send all of it, without quotes, as `Authorization: Bearer bbk_...`.',
  'api-key-expired': 'Whoever manages the keys of the organization can make another.',
  'session-ended': 'It was signed out, was revoked or has expired. Sign in again.',
  'invalid-credentials': 'Check both. The response is the same whether or not there is an account.',
  'refresh-token-invalid': 'It is malformed, expired or its session has ended. Sign in again.',
  'refresh-token-reused': 'It had been replaced, so the session was ended to be safe. Sign in again.',
  'verification-invalid':
    'Check it, or request a new email. A code works for 10 minutes, five times, and only with the `binding` that was answered to its request.',
  'invitation-invalid':
    'Use the newest email, or ask for another invitation: it was replaced or taken back, or its organization is gone.',
  'reauthentication-required':
    'This can only be done shortly after signing in: within `max_age` seconds, as `WWW-Authenticate` tells.',
  'account-disabled':
    'Ask whoever runs this service. Only who has proven that the account is theirs is told.',
  'cross-site-request':
    'Open the page itself and send the form from there. An app has to be in `COOKIE_ORIGINS`, and on the same site.',
  'email-domain-refused': 'Sign in with an address of that domain, or ask for an invitation.',
  'email-unverified': 'Open the link in the email that was sent to it.',
  'permission-denied':
    'The role in the organization, or the scopes of the API key, do not allow it: ask an owner. `scope` in `WWW-Authenticate` names the permission.',
  'password-incorrect': 'Nothing was changed. Try again with the password of this account.',
  'sign-up-closed': 'Ask whoever runs this service for an account.',
  'not-found': 'Check the address. What belongs to someone else is not found either.',
  'method-not-allowed': 'The `Allow` header lists those that it does.',
  'request-timeout': 'Send it again, without long pauses.',
  'already-member': 'There is nothing to do. Sign in to work in it.',
  'email-taken': 'Sign in, or register another address.',
  'invitation-for-another-address':
    'Sign out and accept it again, or sign in with the address that was invited. It is as good as before.',
  'idempotency-key-in-use':
    'A request with this key is being carried out. Send it again after the number of seconds in `Retry-After`.',
  'idempotency-key-spent':
    'The answer was not kept. Read what is there, and do not repeat it under another key before you know.',
  'last-owner': 'Make another member an owner first, or delete the organization.',
  'organization-has-members':
    'Make another member an owner or remove the other members, then delete the account.',
  'slug-taken':
    'Choose another, or send none: one is made of the name. That of a deleted organization stays taken for 30 days.',
  'too-many-api-keys':
    'Revoke some of them: an organization has 100 of its own at most, and each person 20 in it.',
  'too-many-invitations': 'Revoke some of them, those that have expired too: 100 are the most.',
  'too-many-organizations':
    'Whoever is to own it deletes one, or makes another member its owner: 20 are the most.',
  'verification-used': 'Each one works once. If you did not use it, request a new email.',
  'verification-expired':
    'A link works for 15 minutes, or until the same client requests another. Request a new one.',
  'invitation-used':
    'It was accepted or declined, or as many have joined by it as could. Ask for another one.',
  'invitation-expired': 'Ask for another one: an invitation works for 7 days.',
  'content-too-large': 'A body can have up to 64 kB.',
  'unsupported-media-type':
    'Send what the header `Accept` of the answer names as `Content-Type`: `application/json`, but for the token endpoint. Without a content encoding.',
  'expectation-failed': 'Send no `Expect` header, or `Expect: 100-continue`.',
  'invalid-input': '`errors` names each field by a JSON Pointer (RFC 6901).',
  'idempotency-key-reused':
    'It was sent with another body before. Make a new key for each thing to be done; one is remembered for 24 hours.',
  'quota-exceeded':
    'Wait for the number of seconds in `Retry-After`. Where `violated-policies` names `account`, a mailed link still works.',
  'header-too-large': 'All of its fields together may have 16 kB; look for large cookies.',
  'internal-error': 'Try again later. If it keeps happening, report the request ID.',
  overloaded: 'Try again after the number of seconds in `Retry-After`.',
  'service-unavailable': 'Try again after the number of seconds in `Retry-After`.',
};

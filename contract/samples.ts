const nobodysId = '01890a5d-ac96-774b-bcce-b302099a8057';

/** A sound body for each endpoint that takes one; the contract bends them. An endpoint that is missing here fails it. */
export const soundBodies: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'accounts/register': {
    email: 'sample@example.com',
    password: 'correct horse battery staple',
    name: 'Sample',
    organization_name: 'Sample Inc.',
  },
  'api-keys/create': {
    name: 'Importer',
    scopes: ['members:read'],
    expires_in_days: 90,
    limit: { requests: 100, seconds: 60 },
    personal: false,
  },
  'api-keys/report': { keys: ['bbk_sample'] },
  'api-keys/rotate': { overlap_seconds: 3600 },
  'api-keys/update': {
    name: 'Importer',
    scopes: ['members:read'],
    limit: { requests: 100, seconds: 60 },
  },
  'browser/logout': {},
  'browser/token': {},
  'emails/change': { email: 'another@example.com', password: 'correct horse battery staple' },
  'emails/confirm': { token: 'a-token-that-nobody-was-mailed-0123456789ab' },
  'emails/resend': { email: 'sample@example.com' },
  'emails/verify': { token: 'a-token-that-nobody-was-mailed-0123456789ab' },
  'invitations/accept': { token: 'a-token-that-nobody-was-mailed-0123456789ab' },
  'invitations/create': { email: 'another@example.com', role: 'member' },
  'invitations/decline': { token: 'a-token-that-nobody-was-mailed-0123456789ab' },
  'join-links/create': { domain: 'example.com', maximum_uses: 10, expires_in_days: 7 },
  'join-links/join': { token: 'a-token-that-nobody-was-mailed-0123456789ab' },
  'magic-links/request': { email: 'sample@example.com', redirect_to: 'https://app.example.com/in' },
  'magic-links/verify': { token: 'a-token-that-nobody-was-mailed-0123456789ab' },
  'me/delete': { password: 'correct horse battery staple' },
  'me/update': { name: 'Sample' },
  'members/update': { role: 'admin' },
  'organizations/create': { name: 'Sample Inc.', slug: 'sample' },
  'organizations/delete': { slug: 'sample' },
  'organizations/transfer': { user_id: nobodysId },
  'organizations/update': { name: 'Sample Inc.', slug: 'sample' },
  'pages/account-delete/submit': { password: 'correct horse battery staple' },
  'pages/account-devices/end': { id: nobodysId },
  'pages/account-devices/end-others': {},
  'pages/account-email/submit': { email: 'another@example.com', password: 'correct horse battery staple' },
  'pages/account-name/submit': { name: 'Sample' },
  'pages/account-organizations/accept': { id: nobodysId },
  'pages/account-organizations/create': { name: 'Sample Inc.', slug: 'sample' },
  'pages/account-organizations/decline': { id: nobodysId },
  'pages/account-organizations/leave': { organization_id: nobodysId },
  'pages/account-organizations/switch': { organization_id: nobodysId },
  'pages/account-password/submit': {
    current_password: 'correct horse battery staple',
    new_password: 'another good password',
  },
  'pages/account/sign-out': { to: '/account/password' },
  'pages/code/submit': { for: 'sign-in', email: 'sample@example.com', code: '123 456' },
  'pages/forgot/submit': { email: 'sample@example.com' },
  'pages/invitation/submit': { token: 'a-token-that-nobody-was-mailed-0123456789ab', decision: 'accept' },
  'pages/join/submit': { token: 'a-token-that-nobody-was-mailed-0123456789ab' },
  'pages/magic-link/submit': { for: 'sign-in', token: 'a-token-that-nobody-was-mailed-0123456789ab' },
  'pages/organization-delete/submit': {
    organization_id: nobodysId,
    slug: 'sample',
  },
  'pages/organization-invitations/invite': {
    organization_id: nobodysId,
    email: 'another@example.com',
    role: 'member',
  },
  'pages/organization-invitations/resend': {
    organization_id: nobodysId,
    id: nobodysId,
  },
  'pages/organization-invitations/revoke': {
    organization_id: nobodysId,
    id: nobodysId,
  },
  'pages/organization-join-link/create': {
    organization_id: nobodysId,
    domain: 'example.com',
    maximum_uses: '10',
    expires_in_days: '7',
  },
  'pages/organization-join-link/revoke': { organization_id: nobodysId },
  'pages/organization-members/change-role': {
    organization_id: nobodysId,
    user_id: nobodysId,
    role: 'admin',
  },
  'pages/organization-members/remove': {
    organization_id: nobodysId,
    user_id: nobodysId,
  },
  'pages/organization-transfer/submit': {
    organization_id: nobodysId,
    user_id: nobodysId,
  },
  'pages/organization/rename': {
    organization_id: nobodysId,
    name: 'Sample Inc.',
    slug: 'sample',
  },
  'pages/register/submit': {
    email: 'sample@example.com',
    password: 'correct horse battery staple',
    name: 'Sample',
  },
  'pages/reset/submit': {
    token: 'a-token-that-nobody-was-mailed-0123456789ab',
    new_password: 'another good password',
  },
  'pages/sign-in-link/submit': { email: 'sample@example.com' },
  'pages/sign-in/submit': { email: 'sample@example.com', password: 'correct horse battery staple' },
  'pages/verify/submit': { email: 'sample@example.com' },
  'passwords/change': {
    current_password: 'correct horse battery staple',
    new_password: 'another good password',
  },
  'passwords/forgot': { email: 'sample@example.com' },
  'passwords/reset': {
    token: 'a-token-that-nobody-was-mailed-0123456789ab',
    new_password: 'another good password',
  },
  'sessions/login': { email: 'sample@example.com', password: 'correct horse battery staple' },
  'sessions/logout': { refresh_token: 'bbrt_sample' },
  'sessions/refresh': {
    refresh_token: 'bbrt_sample',
    organization_id: nobodysId,
  },
  'sessions/switch-organization': { organization_id: nobodysId },
  'tokens/issue': {
    grant_type: 'authorization_code',
    code: 'a-code-that-nobody-was-given',
    code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    redirect_uri: 'https://app.example.com/in',
  },
};

/** Fields for which null says something. */
export const nullableFields: Readonly<Record<string, readonly string[]>> = {
  'api-keys/create': ['expires_in_days'],
  'api-keys/update': ['limit'],
  'me/update': ['name'],
};

/** Fields that an endpoint does without. */
export const optionalFields: Readonly<Record<string, readonly string[]>> = {
  'accounts/register': ['name', 'organization_name'],
  'api-keys/create': ['expires_in_days', 'limit', 'personal'],
  'api-keys/update': ['name', 'scopes', 'limit'],
  'emails/change': ['password'],
  'join-links/create': ['domain', 'maximum_uses', 'expires_in_days'],
  'magic-links/request': ['redirect_to'],
  'me/delete': ['password'],
  'me/update': ['name'],
  'organizations/create': ['slug'],
  'organizations/update': ['name', 'slug'],
  'passwords/change': ['current_password'],
  'sessions/refresh': ['organization_id'],
};

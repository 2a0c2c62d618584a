/** A sound body for each endpoint that takes one; the contract bends them. An endpoint that is missing here fails it. */
export const soundBodies: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'accounts/register': {
    email: 'sample@example.com',
    password: 'correct horse battery staple',
    name: 'Sample',
    organization_name: 'Sample Inc.',
  },
  'browser/logout': {},
  'browser/token': {},
  'emails/change': { email: 'another@example.com', password: 'correct horse battery staple' },
  'emails/confirm': { token: 'a-token-that-nobody-was-mailed-0123456789ab' },
  'emails/resend': { email: 'sample@example.com' },
  'emails/verify': { token: 'a-token-that-nobody-was-mailed-0123456789ab' },
  'magic-links/request': { email: 'sample@example.com', redirect_to: 'https://app.example.com/in' },
  'magic-links/verify': { token: 'a-token-that-nobody-was-mailed-0123456789ab' },
  'me/delete': { password: 'correct horse battery staple' },
  'me/update': { name: 'Sample' },
  'pages/account-delete/submit': { password: 'correct horse battery staple' },
  'pages/account-devices/end': { id: '01890a5d-ac96-774b-bcce-b302099a8057' },
  'pages/account-devices/end-others': {},
  'pages/account-email/submit': { email: 'another@example.com', password: 'correct horse battery staple' },
  'pages/account-name/submit': { name: 'Sample' },
  'pages/account-password/submit': {
    current_password: 'correct horse battery staple',
    new_password: 'another good password',
  },
  'pages/account/sign-out': { to: '/account/password' },
  'pages/code/submit': { for: 'sign-in', email: 'sample@example.com', code: '123 456' },
  'pages/forgot/submit': { email: 'sample@example.com' },
  'pages/magic-link/submit': { for: 'sign-in', token: 'a-token-that-nobody-was-mailed-0123456789ab' },
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
  'sessions/refresh': { refresh_token: 'bbrt_sample' },
  'tokens/issue': {
    grant_type: 'authorization_code',
    code: 'a-code-that-nobody-was-given',
    code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    redirect_uri: 'https://app.example.com/in',
  },
};

/** Fields that an endpoint does without. */
export const optionalFields: Readonly<Record<string, readonly string[]>> = {
  'accounts/register': ['name', 'organization_name'],
  'emails/change': ['password'],
  'magic-links/request': ['redirect_to'],
  'me/delete': ['password'],
  'me/update': ['name'],
  'passwords/change': ['current_password'],
};

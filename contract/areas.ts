/** The areas that routes come in (`functions/<area>/`), as headings say what they are about. */
export const areas: Readonly<Record<string, { readonly title: string; readonly description: string }>> = {
  home: { title: 'Home', description: 'What this is, and where everything else is.' },
  accounts: { title: 'Registering', description: 'A person, and their first organization.' },
  sessions: { title: 'Sessions', description: 'Signing in by password, staying signed in, and devices.' },
  'magic-links': { title: 'Sign-in links', description: 'Signing in by a mailed link or its code.' },
  tokens: { title: 'Tokens', description: 'What an app gets for the code that a mailed link gave it.' },
  browser: {
    title: 'Apps on our site',
    description: 'What the cookies of a browser are worth to an app of `COOKIE_ORIGINS`.',
  },
  emails: { title: 'Email addresses', description: 'Verifying an address, and changing it.' },
  passwords: { title: 'Passwords', description: 'Changing a password, and setting one that was forgotten.' },
  me: { title: 'The account', description: 'The signed-in person.' },
  organizations: {
    title: 'Organizations',
    description: 'What people work in together. To who is not a member, an organization does not exist.',
  },
  members: { title: 'Members', description: 'Who is in an organization, and in which role.' },
  invitations: {
    title: 'Invitations',
    description:
      'Asking people into an organization by email, whether or not they have an account, and accepting it.',
  },
  'join-links': {
    title: 'Join links',
    description: 'A link by which people join an organization by themselves.',
  },
  'api-keys': {
    title: 'API keys',
    description: 'For programs: what they may, how often, and how a key is replaced and ended.',
  },
  gate: {
    title: 'The gate',
    description: 'What lets requests to other services behind the same proxy pass (`docs/gateway.md`).',
  },
  'audit-events': {
    title: 'Audit trail',
    description: 'What happened, in ids, so that whoever reads on misses nothing.',
  },
  keys: { title: 'Keys', description: 'For services that verify access tokens themselves.' },
  issuer: { title: 'Issuer', description: 'Whose the access tokens are, for services that verify them.' },
  resource: {
    title: 'Resource',
    description: 'What takes the access tokens, for clients that found it by a 401.',
  },
  problems: { title: 'Problems', description: 'What the `type` of a refusal leads to.' },
  openapi: { title: 'This document', description: 'The API as it describes itself.' },
  outbox: { title: 'Emails', description: 'For the scheduler of a platform.' },
  health: { title: 'Health', description: 'For monitors and load balancers. Never limited.' },
};

/** A sound body for each door that takes one; the contract bends them. A door that is missing here fails it. */
export const soundBodies: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'accounts/register': {
    email: 'sample@example.com',
    password: 'correct horse battery staple',
    name: 'Sample',
    organization_name: 'Sample Inc.',
  },
  'me/delete': { password: 'correct horse battery staple' },
  'me/update': { name: 'Sample' },
  'passwords/change': {
    current_password: 'correct horse battery staple',
    new_password: 'another good password',
  },
  'sessions/login': { email: 'sample@example.com', password: 'correct horse battery staple' },
  'sessions/logout': { refresh_token: 'bbrt_sample' },
  'sessions/refresh': { refresh_token: 'bbrt_sample' },
};

/** Fields that a door does without. */
export const optionalFields: Readonly<Record<string, readonly string[]>> = {
  'accounts/register': ['name', 'organization_name'],
};

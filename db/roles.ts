/** What somebody can be in an organization, the one who may most first. */
export const roles = ['owner', 'admin', 'member'] as const;

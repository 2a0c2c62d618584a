/** The headers of what is the same for everybody and seldom changes (RFC 9111, section 5.2.2; RFC 5861, section 3). */
export const cacheable = {
  'Cache-Control': 'public, max-age=300, stale-while-revalidate=3600',
} as const;

import type { Device } from './site.ts';

/** What a page has to be good on: little room and much, with scripts and without, light and dark. */
export const devices: readonly Device[] = [
  { viewport: 'phone', scripts: false },
  { viewport: 'phone', scripts: true, colours: 'dark' },
  { viewport: 'desktop', scripts: false, colours: 'dark' },
  { viewport: 'desktop', scripts: true },
];

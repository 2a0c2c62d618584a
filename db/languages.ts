/** The languages that people read us in (BCP 47), the one that everybody gets who asks for none of them first. */
export const languages = ['en', 'de'] as const;

export type Language = (typeof languages)[number];

/** What a device is called, in the language of who reads it. */
import type { Language } from '../../db/languages.ts';
import type { Device } from './user-agent.ts';

const words = {
  en: { on: 'on', anApp: 'an app on', unknown: 'an unknown device' },
  de: { on: 'unter', anApp: 'eine App unter', unknown: 'ein unbekanntes Gerät' },
} satisfies Record<Language, object>;

/** Such as `Firefox on Linux`. */
export function toDeviceName({ browser, system }: Device, language: Language): string {
  const { on, anApp, unknown } = words[language];
  if (browser && system) return `${browser} ${on} ${system}`;
  return browser ?? (system ? `${anApp} ${system}` : unknown);
}

/** What kind of device sends a request. */

// The first that matches names it: Edge, Opera and Chrome all claim to be Safari too.
const browsers = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ['Safari', /\bSafari\//],
] as const;

const systems = [
  ['iOS', /\b(?:iPhone|iPad|iPod)\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac OS X\b|\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
] as const;

/** What kind of device it is, as far as that can be told. */
export interface Device {
  readonly browser?: string | undefined;
  readonly system?: string | undefined;
}

/** By names from a closed vocabulary: whatever a stranger sends as User-Agent, none of its text gets into an email. */
export function toDevice(userAgent: string | null | undefined): Device {
  const nameOf = (known: readonly (readonly [string, RegExp])[]) =>
    known.find(([, pattern]) => pattern.test(userAgent ?? ''))?.[0];
  return { browser: nameOf(browsers), system: nameOf(systems) };
}

/** What the page about the API says, for developers and so in English; what a route is comes from the document. */

export const title = 'API';
export const lead = 'Every route, what it takes and what it answers.';
export const machines = 'For tools:';
export const contents = 'Contents';
export const start = 'Before you start';
export const startLead =
  'Paste this into a shell once: it registers, and sets what the lines below use. Later, sign in with the same lines and /v1/auth/login.';
export const startMore =
  'Where addresses have to be verified, registering answers no token: enter the code of the email first.';
export const rules = 'What holds everywhere';
export const caller = 'Who may call';
/** Those that are schemes of the document by its names for them. */
export const callers: Readonly<Record<string, string>> = {
  anyone: 'Anyone',
  optionalAccessToken: 'Anyone, and a signed-in person as who they are',
  accessToken: 'A signed-in person, by access token',
  apiKey: 'A program, by API key',
  browserSession: 'An app on the same site, by the cookies of a browser',
  cronSecret: 'The scheduler, by CRON_SECRET',
};
export const limits = 'Limits';
export const noLimits = 'None';
export const body = 'Body';
export const tryIt = 'Try it';
export const answers = 'Answers';
export const example = 'Example';
export const refusals = 'Refusals';
export const required = 'required';
export const optional = 'optional';
export const either = 'in one of two ways';
export const ways = (named: string) => `Either ${named}.`;
export const and = 'with';
export const or = 'or';
export const types: Readonly<Record<string, string>> = { string: 'text', null: 'null' };
export const length = (least: number, most: number) =>
  least === 0 ? `up to ${most} characters` : `${least} to ${most} characters`;
export const values = (values: readonly string[]) =>
  `${values.slice(0, -1).join(', ')}${values.length > 1 ? ` ${or} ` : ''}${values.at(-1) ?? ''}.`;
export const limit = (policy: {
  readonly name: string;
  readonly limit: number;
  readonly window: number;
  readonly keyedBy: string;
  readonly counts: string;
}) => {
  const what = policy.counts === 'failures' ? `${policy.limit} failures` : String(policy.limit);
  return `${what} in ${toTime(policy.window / 60)} by ${counted[policy.keyedBy] ?? policy.keyedBy}`;
};

const counted: Readonly<Record<string, string>> = {
  key: 'API key, unless it has a limit of its own',
  keys: 'all API keys of an organization',
};

function toTime(minutes: number): string {
  if (minutes === 1) return 'a minute';
  return minutes === 24 * 60 ? 'a day' : `${minutes} minutes`;
}

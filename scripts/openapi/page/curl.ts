/** A route as lines for a shell, which work when they are pasted after those of `setUp`. */
import type { Content, OpenApiDocument, Operation } from '../../../contract/openapi.ts';

/** What the lines at the top of the page set; the page says where it is served. */
const urlPlaceholder = 'https://url.invalid';

const json = `-H 'Content-Type: application/json'`;
const bearer = `-H "Authorization: Bearer $TOKEN"`;
/** The last of that name: of several organizations or devices one of them, of a token pair its only one. */
const pick = (name: string) => `sed -n 's/.*"${name}":"\\([^"]*\\)".*/\\1/p'`;

export const setUp = `URL=${urlPlaceholder}
EMAIL=ada@example.com
APP=https://app.example.com
PASSWORD='correct horse battery staple'
RESPONSE=$(curl -s "$URL/v1/auth/register" ${json} \\
  -d "{\\"email\\":\\"$EMAIL\\",\\"password\\":\\"$PASSWORD\\"}")
TOKEN=$(echo "$RESPONSE" | ${pick('access_token')})
REFRESH_TOKEN=$(echo "$RESPONSE" | ${pick('refresh_token')})
BINDING=$(echo "$RESPONSE" | ${pick('binding')})
echo "$RESPONSE"`;

/** Values that come from the lines above and not from the example. */
const variables: Readonly<Record<string, string>> = {
  password: '$PASSWORD',
  current_password: '$PASSWORD',
  new_password: '$NEW_PASSWORD',
  refresh_token: '$REFRESH_TOKEN',
  binding: '$BINDING',
  code: '$CODE',
  token: '$LINK_TOKEN',
  organization_id: '$ORGANIZATION_ID',
  user_id: '$USER_ID',
};

/** The same, of a form; its code is of an app, and none that anybody types. */
const formVariables: Readonly<Record<string, string>> = {
  client_id: '$API_KEY_ID',
  client_secret: '$API_KEY',
};

/** A form has a request for each of its examples, which differ in more than their values. */
export function toCurl(path: string, method: string, operation: Operation): string {
  const forms = toForms(operation);
  return (forms.length === 0 ? [[]] : forms)
    .map((form) => toCall({ path, method, operation, form }))
    .join('\n');
}

interface Call {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
  /** Its fields, as options of curl. */
  readonly form: readonly string[];
}

function toCall({ path, method, operation, form }: Call): string {
  const body = toBody(operation);
  const isInvitation = path.startsWith('/v1/invitations/');
  const own = isInvitation ? '$INVITATION_ID' : '$SESSION_ID';
  const id = path.startsWith('/v1/organizations/') ? '$ORGANIZATION_ID' : own;
  const address = path
    .replace('{id}', id)
    .replace('{user_id}', '$USER_ID')
    .replace('{invitation_id}', '$INVITATION_ID')
    .replace('{key_id}', '$API_KEY_ID')
    .replace('{slug}', 'invalid-input')
    .concat(toQuery(operation));
  const parts = [
    `curl -s${body?.includes('$NEW_PASSWORD') ? ' --fail-with-body' : ''}${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "$URL${address}"`,
    ...operation.security.slice(0, 1).flatMap((scheme) => {
      if ('browserSession' in scheme) return ['-H "Origin: $APP"', '-b "__Host-session=$REFRESH_TOKEN"'];
      if ('apiKey' in scheme) return [bearer.replace('$TOKEN', '$API_KEY')];
      if ('cronSecret' in scheme) return [bearer.replace('$TOKEN', '$CRON_SECRET')];
      return 'accessToken' in scheme ? [bearer] : [];
    }),
    ...(body === undefined ? [] : [json, `-d ${body}`]),
    ...form,
  ];
  // Where the password was changed, the lines below use the new one.
  const afterwards = body?.includes('$NEW_PASSWORD') ? ' && PASSWORD=$NEW_PASSWORD' : '';
  const call = parts.join(' \\\n  ') + afterwards;
  return [...toPreparations(address, call), call].join('\n');
}

/** What an address can't do without, as its example has it. */
function toQuery({ parameters = [] }: Operation): string {
  const query = parameters.flatMap(({ name, in: place, required, schema: { examples } }) =>
    place === 'query' && required && Array.isArray(examples) ? [`${name}=${String(examples[0])}`] : [],
  );
  return query.length === 0 ? '' : `?${query.join('&')}`;
}

/** What nothing above can have set: a device, an organization, a member and a key of it, and what stands in an email. */
function toPreparations(address: string, call: string): readonly string[] {
  const sessions = `curl -s "$URL/v1/sessions" ${bearer} | ${pick('id')}`;
  const organizations = `curl -s "$URL/v1/organizations" ${bearer} | ${pick('id')}`;
  const members = `curl -s "$URL/v1/organizations/$ORGANIZATION_ID/members" ${bearer} | ${pick('user_id')}`;
  const from = address.startsWith('/v1/organizations/') ? '/v1/organizations/$ORGANIZATION_ID' : '/v1';
  const keys = `curl -s "$URL/v1/organizations/$ORGANIZATION_ID/api-keys" ${bearer} | ${pick('id')}`;
  const makeKey = `curl -s "$URL/v1/organizations/$ORGANIZATION_ID/api-keys" ${bearer} \\
  ${json} -d '{"name":"Importer","scopes":["members:read"]}'`;
  // The first: an invitation of one's own ends with the organization's id.
  const invitations = `curl -s "$URL${from}/invitations" ${bearer} | grep -o '"id":"[^"]*' | head -n 1 | cut -d '"' -f 4`;
  const needs = (name: string) => call.includes(name);
  const needsKey = /\$API_KEY\b/.test(call);
  return [
    ...(needs('$ORGANIZATION_ID') || needsKey ? [`ORGANIZATION_ID=$(${organizations})`] : []),
    ...(needs('$USER_ID') ? [`USER_ID=$(${members})`] : []),
    ...(needs('$INVITATION_ID') ? [`INVITATION_ID=$(${invitations})`] : []),
    ...(needsKey ? [`RESPONSE=$(${makeKey})`, `API_KEY=$(echo "$RESPONSE" | ${pick('key')})`] : []),
    ...(needs('$API_KEY_ID')
      ? [`API_KEY_ID=$(${needsKey ? `echo "$RESPONSE" | ${pick('id')}` : keys})`]
      : []),
    ...(needs('$SESSION_ID') ? [`SESSION_ID=$(${sessions})`] : []),
    ...(needs('$NEW_PASSWORD') ? ["NEW_PASSWORD='another good password'"] : []),
    ...(needs('$CODE') ? ['CODE=123456'] : []),
    ...(needs('$LINK_TOKEN') ? ['LINK_TOKEN=0123456789012345678901234567890123456789012'] : []),
  ];
}

/** Of several the plainest, which comes first. */
function firstExample({ example, examples = {} }: Partial<Content> = {}): unknown {
  return example ?? Object.values(examples)[0]?.value;
}

/** A form as each of its examples has it. */
function toForms({ requestBody }: Operation): readonly (readonly string[])[] {
  const { example, examples = {} } = requestBody?.content['application/x-www-form-urlencoded'] ?? {};
  const all = [example, ...Object.values(examples).map(({ value }) => value)];
  return all
    .filter((one) => typeof one === 'object' && one !== null)
    .map((one) =>
      Object.entries(one).map(([name, value]) =>
        formVariables[name] === undefined
          ? `--data-urlencode '${name}=${String(value)}'`
          : `--data-urlencode "${name}=${formVariables[name]}"`,
      ),
    );
}

/**
 * Fields that a body may have and the lines above have set. The binding of registering goes along with each request for an email, so
 * that the codes of all of them work with it, and with the password, which who verifies an address would else lose.
 */
function toOptional(requestBody: Operation['requestBody']): object {
  const text = JSON.stringify(requestBody?.content['application/json']?.schema);
  const names = ['binding', 'password'].filter((name) => text.includes(`"${name}":`));
  return Object.fromEntries(names.map((name) => [name, variables[name]]));
}

/** In double quotes only where the shell has something to put in. */
function toBody({ requestBody }: Operation): string | undefined {
  const example = firstExample(requestBody?.content['application/json']);
  if (typeof example !== 'object' || example === null) return undefined;
  const members = Object.entries({ ...example, ...toOptional(requestBody) }).map(([name, value]) => [
    name,
    value === 'ada@example.com' ? '$EMAIL' : (variables[name] ?? (value as unknown)),
  ]);
  const text = JSON.stringify(Object.fromEntries(members));
  return text.includes('$') ? `"${text.replaceAll('"', '\\"')}"` : `'${text}'`;
}

/** By area, in the order of the document. */
export function groupByTag({ tags, paths }: OpenApiDocument) {
  return tags.map(({ name, description }) => ({
    name,
    description,
    routes: Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(
          ([
            ,
            {
              tags: [tag],
            },
          ]) => tag === name,
        )
        .map(([method, operation]) => ({ path, method, operation })),
    ),
  }));
}

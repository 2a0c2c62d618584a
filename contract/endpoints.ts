/** Every endpoint, found as the router finds it, with what the contract needs to know of it. */
import { loadFunctions } from '../hosts/node/functions.ts';
import { formMediaType } from '../lib/http/form-body.ts';
import { rulesOf } from '../lib/http/guard.ts';
import { callerNamesOf } from './caller-names.ts';
import { soundBodies } from './samples.ts';

const functions = await loadFunctions(new URL('../functions/', import.meta.url));

/** Where an id belongs in a path, of nothing that there is. */
export const sampleId = '01890a5d-ac96-774b-bcce-b302099a8057';

/** Endpoints and pages. */
export const everyEndpoint = [...functions].map(([name, app]) => {
  const [route] = app.routes;
  const rules = app.routes.map(({ handler }) => rulesOf(handler)).find((found) => found !== undefined);
  if (!route || !rules) throw new Error(`${name} has no guarded route`);
  const callers = callerNamesOf(rules);
  return {
    name,
    app,
    method: route.method,
    /** With the names of its ids. */
    template: route.path,
    path: route.path.replace(/:\w*id\b/g, sampleId).replace(':slug', 'not-found'),
    needsUser: callers.includes('user'),
    takesUser: rules.caller.name === 'anyoneOrUser',
    needsKey: callers.includes('apiKey'),
    needsBrowserUser: rules.caller.name === 'browserUser',
    needsScheduler: rules.caller.name === 'scheduler',
    isGate: rules.caller.name === 'gate',
    needsOwnApp: rules.caller.name === 'ownApp',
    isPage: name.startsWith('pages/'),
    takesBody: rules.body !== undefined,
    takesForm: !name.startsWith('pages/') && rules.body?.mediaType === formMediaType,
    demands: { permission: rules.permission, membership: rules.membership, freshness: rules.freshness },
    policies: rules.limits.policies,
    soundBody: soundBodies[name],
  };
});

export type Endpoint = (typeof everyEndpoint)[number];

/** Those that speak JSON. */
export const endpoints = everyEndpoint.filter(({ isPage }) => !isPage);

/** Those that people see; their sound bodies are forms. */
export const pages = everyEndpoint.filter(({ isPage }) => isPage);

/** A single-page application of another origin: it asks for emails, and takes the code that their links end with. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';

export interface RunningApp {
  readonly origin: string;
  /** Address and headers of every request for a page of it. */
  readonly visits: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** Tells it whom to ask, which its own address has to be known for. */
  readonly useApi: (url: string) => void;
}

/** Closed by itself when the test file ends. */
export async function startApp(host: string): Promise<RunningApp> {
  const visits: { path: string; headers: IncomingHttpHeaders }[] = [];
  let api = '';
  const server = createServer(({ url = '/', headers }, response) => {
    visits.push({ path: url, headers });
    response.setHeader('Content-Type', 'text/html');
    response.end(toPage(api));
  }).listen(0, host);
  await once(server, 'listening');
  after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { origin: `http://${host}:${port}`, visits, useApi: (url) => (api = url) };
}

/** What it keeps of a request for an email is in the storage of its origin, where another tab finds it. */
const toPage = (api: string) => `<!doctype html>
<title>App</title>
<link rel="icon" href="data:,">
<form><label>Email <input name="email"></label><label>Path <input name="path"></label><button>Ask</button></form>
<button id="by-cookie">Use the cookie</button>
<button id="sign-out">Sign out</button>
<output></output>
<script type="module">
const api = ${JSON.stringify(api)};
const redirect_to = location.origin + '/in';
const show = (text) => { document.querySelector('output').textContent = text; };
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const random = () => toText(crypto.getRandomValues(new Uint8Array(32)));
// Without TLS there is no crypto.subtle but on localhost, and 127.0.0.1.
const hash = (text) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));

document.forms[0].addEventListener('submit', async (event) => {
  event.preventDefault();
  const { email, path } = Object.fromEntries(new FormData(event.target));
  const verifier = random();
  const state = random();
  localStorage.setItem('asked', JSON.stringify({ verifier, state }));
  const response = await fetch(api + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      email, redirect_to, state, code_challenge: toText(await hash(verifier)), code_challenge_method: 'S256',
    }),
  });
  show('asked ' + response.status);
});

async function showPerson(token) {
  const response = await fetch(api + '/v1/me', { headers: { Authorization: 'Bearer ' + token } });
  show('signed in as ' + (await response.json()).user.email);
}

async function takeCode() {
  const answer = new URLSearchParams(location.search);
  if (!answer.has('code')) return;
  history.replaceState(null, '', location.pathname);
  const asked = JSON.parse(localStorage.getItem('asked') ?? '{}');
  localStorage.removeItem('asked');
  if (answer.get('state') !== asked.state || answer.get('iss') !== api) return show('not asked for here');
  const response = await fetch(api + '/v1/auth/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code', code: answer.get('code'), code_verifier: asked.verifier,
      redirect_uri: redirect_to,
    }),
  });
  const body = await response.json();
  if (!response.ok) return show('refused: ' + body.error);
  await showPerson(body.access_token);
}

const withCookie = (path) => fetch(api + path, {
  method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json' }, body: '{}',
});
document.getElementById('by-cookie').addEventListener('click', async () => {
  try {
    const response = await withCookie('/v1/auth/browser/token');
    if (!response.ok) return show('refused: ' + response.status);
    await showPerson((await response.json()).access_token);
  } catch {
    show('not allowed to read the answer');
  }
});
document.getElementById('sign-out').addEventListener('click', async () => {
  show('signed out: ' + (await withCookie('/v1/auth/browser/logout')).status);
});
await takeCode();
</script>`;

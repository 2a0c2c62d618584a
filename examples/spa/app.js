/** Registers, signs in, shows who is signed in and on which devices, and signs out; in all tabs of this browser alike. */
import { createClient } from 'blockbot-client';
import { finishLinkSignIn, startLinkSignIn } from 'blockbot-client/link-sign-in';
import { createWebStore } from 'blockbot-client/web-store';

const { api = '' } = document.documentElement.dataset;
const store = createWebStore(localStorage);
const client = createClient({ baseUrl: api, store });

const [form] = document.forms;
const [message] = document.getElementsByTagName('output');
const [person] = document.getElementsByTagName('section');
const [who] = person.getElementsByTagName('strong');
const [devices] = person.getElementsByTagName('ul');

/** What stands in the page is what is true: asked anew whenever somebody signs in or out, here or in another tab. */
async function show() {
  const me = (await client.isSignedIn()) ? await client.get('/v1/me') : undefined;
  const isSignedIn = await client.isSignedIn();
  // Where the session has ended, that is told already.
  if (me?.error && isSignedIn) say(me.error, me.requestId);
  form.hidden = isSignedIn;
  person.hidden = !isSignedIn;
  if (!me?.data) return;
  who.textContent = me.data.user.email;
  await showDevices();
}

async function showDevices() {
  const { data, error, requestId } = await client.get('/v1/sessions');
  if (error) return say(error, requestId);
  devices.replaceChildren(...data.sessions.map(toItem));
}

/** @param {import('blockbot-client/api').Session} session */
function toItem({ id, current, user_agent, last_used_at }) {
  const item = document.createElement('li');
  const device = user_agent ?? 'An unknown device';
  item.append(`${device}, last used ${new Date(last_used_at).toLocaleString()} `);
  if (current) {
    item.append('(this one)');
    return item;
  }
  const button = document.createElement('button');
  button.textContent = 'End';
  button.setAttribute('aria-label', `End the session on ${device}`);
  button.addEventListener('click', async () => {
    const { error, requestId } = await client.delete('/v1/sessions/{id}', { path: { id } });
    if (error) return say(error, requestId);
    say('That session has ended.');
    await showDevices();
  });
  item.append(button);
  return item;
}

/** @param {string | import('blockbot-client/problem').CallError} what */
function say(what, requestId = '') {
  message.className = typeof what === 'string' ? '' : 'error';
  message.textContent = typeof what === 'string' ? what : toSentence(what, requestId);
}

/**
 * @param {import('blockbot-client/problem').CallError} error
 * @param {string} requestId
 */
function toSentence(error, requestId) {
  switch (error.slug) {
    case 'network-error':
      return 'There is no answer. Are you connected?';
    case 'quota-exceeded':
      return `That was too often. Try again in ${Math.ceil(error.retryAfter / 60)} minutes.`;
    case 'invalid-input':
      return 'Something is not right yet.';
    default:
      return `${error.message}. (${requestId})`;
  }
}

/**
 * Says beside each field what is wrong with it, and leads to the first.
 *
 * @param {import('blockbot-client/api').Problems['invalid-input']['errors']} errors
 */
function blame(errors) {
  const fields = [...form.getElementsByTagName('input')];
  for (const field of fields) {
    const error = errors.find(({ pointer }) => pointer === `#/${field.name}`);
    const note = document.getElementById(`${field.name}-error`);
    if (note) note.textContent = error?.detail ?? '';
    field.setAttribute('aria-invalid', String(error !== undefined));
  }
  fields.find((field) => field.getAttribute('aria-invalid') === 'true')?.focus();
}

/**
 * @param {string} what
 * @param {{ email: string, password: string }} body
 */
function ask(what, body) {
  if (what === 'register') return client.post('/v1/auth/register', { body });
  if (what === 'login') return client.post('/v1/auth/login', { body });
  return startLinkSignIn({ client, store }, { email: body.email, redirectTo: `${location.origin}/` });
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  const body = { email: String(fields.get('email')), password: String(fields.get('password')) };
  const answer = await ask(String(fields.get('do')), body);
  blame(answer.error?.slug === 'invalid-input' ? answer.error.errors : []);
  if (answer.error) return say(answer.error, answer.requestId);
  form.reset();
  say(answer.status === 202 ? 'Look into your mailbox: an email leads on.' : '');
});

document.getElementById('sign-out')?.addEventListener('click', () => client.signOut());

client.onSessionChange(async (change) => {
  if (change === 'session-ended') say('Your session has ended. Sign in again.');
  await show();
  // Who uses a keyboard or a screen reader is led to what is new.
  (form.hidden ? person : form).getElementsByTagName('h2')[0].focus();
});
// The tokens may have been refreshed while this tab slept: then it knows at once whether they still hold.
document.addEventListener('visibilitychange', () => document.hidden || show());

// Behind a mailed link this address has a code, which nobody needs to see, and which is good once.
const { href } = location;
history.replaceState(null, '', '/');
const byLink = await finishLinkSignIn({ client, store }, href);
if (byLink?.error) say(byLink.error, byLink.requestId);
await show();

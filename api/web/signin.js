// Signing in, accepting an invitation and joining a community. The tokens stay in this page.
'use strict';

const byId = (id) => document.getElementById(id);
const show = (id, isShown = true) => {
  if (byId(id)) byId(id).hidden = !isShown;
};
const problem = byId('problem');
const kept = window.sessionStorage;
let refresh = '';
let enrolment = '';

async function ask(path, given) {
  let response;
  try {
    response = await fetch(`/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(given),
    });
  } catch {
    throw new Error(problem.dataset.unreachable);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(`${problem.dataset.failed} ${answer.error_description ?? response.status}`);
  return answer;
}

/** Run a step; its failure is told on the page, and the form stays as it was. */
async function step(work) {
  problem.hidden = true;
  try {
    await work();
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
}

const onSubmit = (id, work) =>
  byId(id)?.addEventListener('submit', (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    step(() => work(given, event.submitter?.value));
  });

/** What one signed in for: the invitation or the join code that the page was opened with. */
async function signedIn(answer) {
  let last = answer;
  const invitation = kept.getItem('invitation');
  const join = kept.getItem('join');
  kept.clear();
  if (invitation) last = await ask('accept', { refresh_token: last.refresh_token, invitation });
  if (join) last = await ask('join', { refresh_token: last.refresh_token, join_code: join });
  done(last);
}

function done(answer) {
  refresh = answer.refresh_token;
  for (const id of ['ways', 'ask', 'enrol', 'by-key']) show(id, false);
  const items = answer.places.map(({ name }) => Object.assign(document.createElement('li'), { textContent: name }));
  byId('places').replaceChildren(...items);
  show('nowhere', items.length === 0);
  show('done');
  byId('done').querySelector('h2').focus();
}

onSubmit('by-key', async (given) => signedIn(await ask('key', given)));

onSubmit('ask', async ({ invitation }, way) => {
  if (way === 'oidc') return toProvider(invitation);
  if (way === 'mine') {
    kept.setItem('invitation', invitation);
    show('ask', false);
    return show('by-key');
  }
  const begun = await ask('key/begin', { invitation });
  enrolment = begun.enrolment;
  byId('enrol').elements.key.value = begun.key;
  byId('qr').src = begun.qr;
  byId('secret').textContent = begun.secret;
  kept.setItem('enrolling', invitation);
  show('ask', false);
  show('enrol');
});

onSubmit('enrol', async ({ code }) => {
  const answer = await ask('key/enrol', { enrolment, code, invitation: kept.getItem('enrolling') });
  kept.clear();
  done(answer);
});

async function toProvider(invitation) {
  const { authorization_url: address, flow } = await ask('oidc/begin', {});
  kept.setItem('flow', flow);
  if (invitation) kept.setItem('invitation', invitation);
  location.assign(address);
}

byId('oidc')?.addEventListener('click', () => step(() => toProvider('')));

byId('copy').addEventListener('click', ({ target }) =>
  step(async () => {
    await navigator.clipboard.writeText(refresh);
    target.textContent = target.dataset.copied;
  }),
);

function begin() {
  const asked = new URLSearchParams(location.search);
  const code = asked.get('code');
  const state = asked.get('state');
  const flow = kept.getItem('flow');
  if (asked.get('join')) kept.setItem('join', asked.get('join'));
  if (byId('ask')) byId('ask').elements.invitation.value = decodeURIComponent(location.hash.slice(1));
  // neither the code nor an invitation stays in the address, the history or a bookmark
  if (location.search || location.hash) history.replaceState(null, '', location.pathname);
  show('ways');
  show('ask');
  const refused = asked.get('error');
  if (code && state) {
    step(async () => signedIn(await ask('oidc', { code, state, flow: flow ?? 'none' })));
  } else if (refused) {
    step(() => Promise.reject(new Error(`${problem.dataset.failed} ${refused}`)));
  }
}

begin();

// Who one is, for as long as the page is open: tokens are kept in memory and nowhere else.

export interface Place {
  org: string;
  name: string;
  state: string | null;
  roles: string[];
}

export interface Session {
  access: string;
  refresh: string | null;
  name: string;
  org: string;
  roles: string[];
  scopes: string[];
  /** Seconds since 1970. */
  expires: number;
  places: Place[];
}

export interface Person {
  role: string;
  name: string;
  place: string;
  building: string | null;
}

interface Answer {
  access_token: string | null;
  refresh_token: string;
  places: Place[];
}

export class SignInFailed extends Error {}

async function ask(path: string, given?: Record<string, string>): Promise<any> {
  const response = await fetch(`/auth/${path}`, {
    method: given ? 'POST' : 'GET',
    headers: given ? { 'content-type': 'application/json' } : {},
    ...(given ? { body: JSON.stringify(given) } : {}),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new SignInFailed(answer.error_description ?? answer.error ?? String(response.status));
  return answer;
}

/** What a token says of itself; the server alone can say whether it is true. */
function claims(access: string): Record<string, any> {
  try {
    const payload = access.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (c) => c.charCodeAt(0))));
  } catch {
    throw new SignInFailed('That is no token.');
  }
}

function session(access: string, refresh: string | null, places: Place[], name: string): Session {
  const said = claims(access);
  return {
    access,
    refresh,
    name,
    places,
    org: said.org ?? '',
    roles: (said.role ?? '').split(' ').filter(Boolean),
    scopes: (said.scope ?? '').split(' ').filter(Boolean),
    expires: said.exp ?? 0,
  };
}

function begun(answer: Answer, name: string): Session {
  if (!answer.access_token) throw new SignInFailed('The token belongs to nobody anywhere yet.');
  return session(answer.access_token, answer.refresh_token, answer.places, name);
}

/** Whom the demo lets one be; nobody outside of a demo. */
export const people = async (): Promise<Person[]> => (await ask('demo')).people;

export const signInAs = async (person: Person): Promise<Session> =>
  begun(await ask('demo', { role: person.role }), person.name);

/** An access token has three parts; anything else is taken for a refresh token. */
export async function signInWith(token: string): Promise<Session> {
  if (token.split('.').length === 3) return session(token, null, [], '');
  return begun(await ask('refresh', { refresh_token: token }), '');
}

export const refreshed = async (old: Session): Promise<Session> =>
  begun(await ask('refresh', { refresh_token: old.refresh! }), old.name);

export const switched = async (old: Session, org: string): Promise<Session> =>
  begun(await ask('switch', { refresh_token: old.refresh!, org }), old.name);

import { useEffect, useRef, useState, type FormEvent } from 'react';

import { signInAs, signInWith, switched, type Person, type Session } from './session';
import { role, say, type Language } from './words';

interface Props {
  language: Language;
  people: Person[];
  session: Session | null;
  onChange: (session: Session | null) => void;
}

/** The highest role says most of somebody. */
const highest = (roles: string[]) => roles.find((each) => each !== 'RESIDENT') ?? roles[0] ?? '';

export function Who({ language, people, session, onChange }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [failure, setFailure] = useState('');
  const text = (word: Parameters<typeof say>[1]) => say(language, word);
  const place = session?.places.find((each) => each.org === session.org);

  const attempt = async (work: Promise<Session>) => {
    try {
      onChange(await work);
      setFailure('');
      dialog.current?.close();
    } catch (error) {
      setFailure(String(error instanceof Error ? error.message : error));
    }
  };

  const paste = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const token = String(new FormData(form).get('token')).trim();
    form.reset();
    void attempt(signInWith(token));
  };

  return (
    <>
      <button className="who" aria-haspopup="dialog" onClick={() => dialog.current?.showModal()}>
        {session ? (
          <>
            <b>{session.name || role(language, highest(session.roles))}</b>
            <span>
              {role(language, highest(session.roles))}
              {place && <span className="wide"> · {place.name}</span>}
            </span>
          </>
        ) : (
          <b>{text('signIn')}</b>
        )}
      </button>
      <dialog ref={dialog} className="sheet" aria-label={text('who')}>
        <button className="plain close" onClick={() => dialog.current?.close()}>
          {text('close')}
        </button>
        {people.length > 0 && (
          <section>
            <h2>{text('demoPeople')}</h2>
            <ul className="people">
              {people.map((person) => (
                <li key={person.role}>
                  <button
                    data-role={person.role}
                    aria-pressed={session?.name === person.name && session.roles.includes(person.role)}
                    onClick={() => void attempt(signInAs(person))}
                  >
                    <b>{person.name}</b>
                    <span>{role(language, person.role)}</span>
                    <small>
                      {person.place}
                      {person.building && ` · ${person.building}`}
                    </small>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        <section>
          <h2>{text('production')}</h2>
          <form onSubmit={paste}>
            <input name="token" type="password" autoComplete="off" required aria-label={text('token')} />
            <button>{text('useToken')}</button>
          </form>
          <p className="hint">{text('memoryOnly')}</p>
          {failure && (
            <p role="alert" className="failure">
              {failure}
            </p>
          )}
        </section>
        {session && (
          <section>
            <h2>{text('who')}</h2>
            {session.refresh && session.places.length > 1 && (
              <label>
                {text('place')}{' '}
                <select value={session.org} onChange={(event) => void attempt(switched(session, event.target.value))}>
                  {session.places.map((each) => (
                    <option key={each.org} value={each.org}>
                      {each.name}
                    </option>
                  ))}
                </select>
              </label>
            )}
            <p>
              {text('expires')} <Countdown until={session.expires} over={text('expired')} />
            </p>
            <p className="hint">{text('scopes')}</p>
            <ul className="scopes">
              {session.scopes.map((scope) => (
                <li key={scope}>
                  <code>{scope}</code>
                </li>
              ))}
            </ul>
            <button className="plain" onClick={() => onChange(null)}>
              {text('signOut')}
            </button>
          </section>
        )}
      </dialog>
    </>
  );
}

function Countdown({ until, over }: { until: number; over: string }) {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.floor(until - now);
  if (left <= 0) return <b>{over}</b>;
  const pad = (value: number) => String(Math.floor(value) % 60).padStart(2, '0');
  return (
    <b>
      {Math.floor(left / 3600)}:{pad(left / 60)}:{pad(left)}
    </b>
  );
}

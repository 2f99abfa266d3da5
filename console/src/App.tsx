import { buildSchema, type GraphQLSchema } from 'graphql';
import { useEffect, useMemo, useRef, useState } from 'react';

import { fetcher, type Outcome } from './api';
import { Editor, type Shown } from './Editor';
import { prepared, type Example } from './examples';
import { Gallery } from './Gallery';
import { Problems } from './Problems';
import { people, type Person, type Session } from './session';
import { Who } from './Who';
import { say, type Language, type Word } from './words';

export function App() {
  const [language, setLanguage] = useState<Language>(() => (navigator.language.startsWith('zh') ? 'zh' : 'en'));
  const [schema, setSchema] = useState<GraphQLSchema | null | undefined>();
  const [persons, setPersons] = useState<Person[]>([]);
  const [session, setSession] = useState<Session | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [isPreparing, setIsPreparing] = useState(false);
  const [isGallery, setIsGallery] = useState(true);
  const choices = useRef(0);
  const gallery = useRef<HTMLDialogElement>(null);
  const text = (word: Word) => say(language, word);

  // what runs later speaks for whoever is signed in then
  const current = useRef<Session | null>(null);
  current.current = session;
  const last = useRef<Example | null>(null);
  const send = useMemo(() => fetcher(() => current.current, setSession, setOutcome), []);

  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = say(language, 'title');
  }, [language]);

  useEffect(() => {
    people().then(setPersons, () => setPersons([]));
    fetch('/schema.graphql')
      .then((response) => response.text())
      .then((sdl) => setSchema(buildSchema(sdl, { assumeValidSDL: true })))
      .catch(() => setSchema(null));
  }, []);

  const become = (next: Session | null) => {
    setSession(next);
    setOutcome(null);
    // an example that was chosen before is given the ids that this person sees
    current.current = next;
    if (last.current && next && next.org !== session?.org) void choose(last.current);
  };

  const choose = async (example: Example) => {
    gallery.current?.close();
    last.current = example;
    setOutcome(null);
    // nothing can be run before what was chosen stands in the editors, and the last choice holds
    setIsPreparing(true);
    const choice = ++choices.current;
    const next = await prepared(example, current.current);
    if (choice !== choices.current) return;
    setShown(next);
    setIsPreparing(false);
  };

  const examples = <Gallery language={language} roles={session?.roles ?? []} onChoose={choose} />;

  return (
    <>
      <header>
        <h1>
          <span className="brand">邻里</span> <span className="wide">{text('title').replace('邻里 ', '')}</span>
        </h1>
        <button className="plain wide" aria-pressed={isGallery} onClick={() => setIsGallery(!isGallery)}>
          {text('gallery')}
        </button>
        <button className="narrow" onClick={() => gallery.current?.showModal()}>
          {text('examples')}
        </button>
        <Spent language={language} outcome={outcome} />
        <nav aria-label="Linli">
          <a href="/schema.graphql" target="_blank" rel="noreferrer">
            {text('sdl')}
          </a>
          <button className="plain" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
            {text('language')}
          </button>
        </nav>
        <Who language={language} people={persons} session={session} onChange={become} />
      </header>
      <Problems language={language} outcome={outcome} onClose={() => setOutcome(outcome && { ...outcome, problems: [] })} />
      <div className="page">
        {isGallery && (
          <aside className="wide" aria-label={text('examples')}>
            {examples}
          </aside>
        )}
        <dialog ref={gallery} className="sheet" aria-label={text('examples')}>
          <button className="plain close" onClick={() => gallery.current?.close()}>
            {text('close')}
          </button>
          {examples}
        </dialog>
        <main inert={isPreparing} aria-busy={isPreparing}>
          {schema ? (
            <Editor schema={schema} fetcher={send} shown={shown} words={{ curl: text('curl'), copied: text('copied'), badVariables: text('badVariables') }} welcome={`${say('zh', 'welcome')}\n${say('en', 'welcome')}\n{\n  viewer { displayName roles }\n}\n`} />
          ) : (
            <p className="empty">{text(schema === null ? 'unreachable' : 'loading')}</p>
          )}
          <Statements language={language} statements={outcome?.statements ?? []} />
        </main>
      </div>
    </>
  );
}

/** The SQL of the last operation: one operation is one statement. */
function Statements({ language, statements }: { language: Language; statements: string[] }) {
  if (!statements.length) return null;
  return (
    <details className="statements">
      <summary>
        {say(language, 'statement')} ({statements.length})
      </summary>
      {statements.map((statement, place) => (
        <pre key={place} tabIndex={0}>
          {statement}
        </pre>
      ))}
    </details>
  );
}

function Spent({ language, outcome }: { language: Language; outcome: Outcome | null }) {
  const known: [Word, string][] = outcome
    ? [
        ['cost', outcome.cost === null ? '–' : String(outcome.cost)],
        ['time', `${outcome.milliseconds} ms`],
        ['left', outcome.remaining === null ? '–' : outcome.remaining.toLocaleString('en')],
      ]
    : [];
  return (
    <ul className="spent" aria-label={say(language, 'last')}>
      {known.map(([word, value]) => (
        <li key={word}>
          {say(language, word)} <b>{value}</b>
        </li>
      ))}
    </ul>
  );
}

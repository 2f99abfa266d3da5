import { ADVICE, NO_ANSWER } from './advice';
import type { Outcome } from './api';
import { say, type Language } from './words';

interface Props {
  language: Language;
  outcome: Outcome | null;
  onClose: () => void;
}

export function Problems({ language, outcome, onClose }: Props) {
  const problems = outcome?.problems ?? [];
  return (
    <section className="problems" aria-live="polite" aria-label={say(language, 'problems')}>
      {problems.length > 0 && (
        <div className="card">
          <ul>
            {problems.map((problem, place) => (
              <li key={place}>
                <code>{problem.code}</code>
                <p>
                  {problem.message}
                  {problem.path && <span className="path"> ({problem.path})</span>}
                </p>
                <p className="advice">→ {(ADVICE[problem.code] ?? NO_ANSWER)[language]}</p>
              </li>
            ))}
          </ul>
          {outcome?.trace && (
            <p className="trace">
              {say(language, 'trace')} <code>{outcome.trace}</code>
            </p>
          )}
          <button className="plain" onClick={onClose}>
            {say(language, 'close')}
          </button>
        </div>
      )}
    </section>
  );
}

import { EXAMPLES, type Example } from './examples';
import { role, say, type Language } from './words';

interface Props {
  language: Language;
  roles: string[];
  onChoose: (example: Example) => void;
}

export function Gallery({ language, roles, onChoose }: Props) {
  const isMine = (example: Example) => roles.length === 0 || example.roles.some((each) => roles.includes(each));
  const groups: [string, Example[]][] = [
    [say(language, roles.length ? 'yours' : 'examples'), EXAMPLES.filter(isMine)],
    [say(language, 'others'), EXAMPLES.filter((each) => !isMine(each))],
  ];
  return (
    <>
      {groups
        .filter(([, examples]) => examples.length)
        .map(([title, examples]) => (
          <section key={title} className="gallery">
            <h2>{title}</h2>
            <ul>
              {examples.map((example) => (
                <li key={example.name}>
                  <button className={isMine(example) ? '' : 'others'} onClick={() => onChoose(example)} data-example={example.name}>
                    {example[language]}
                    <small>
                      {example.text.startsWith('mutation') && <code>mutation</code>}
                      {!isMine(example) && `${say(language, 'for')} ${role(language, example.roles[0]!)}`}
                    </small>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
    </>
  );
}

import { explorerPlugin } from '@graphiql/plugin-explorer';
import { ToolbarButton, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import type { Fetcher } from '@graphiql/toolkit';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import type { GraphQLSchema } from 'graphql';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

/** What to put into the editors; a new object each time one is chosen. */
export interface Shown {
  text: string;
  variables: string;
}

const PLUGINS = [HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })];

/** What people write may name others: it is forgotten with the page. */
const memory = (() => {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
    clear: () => kept.clear(),
  };
})();

interface Props {
  schema: GraphQLSchema;
  fetcher: Fetcher;
  shown: Shown | null;
  welcome: string;
  words: { curl: string; copied: string; badVariables: string };
}

export function Editor({ schema, fetcher, shown, welcome, words }: Props) {
  return (
    <GraphiQL
      schema={schema}
      fetcher={fetcher}
      plugins={PLUGINS}
      storage={memory}
      defaultQuery={welcome}
      defaultEditorToolsVisibility="variables"
      isHeadersEditorEnabled={false}
      showPersistHeadersSettings={false}
    >
      <GraphiQL.Logo>
        <Filling shown={shown} welcome={welcome} />
      </GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ prettify, copy }) => (
          <>
            {prettify}
            {copy}
            <CopyCommand words={words} />
          </>
        )}
      </GraphiQL.Toolbar>
    </GraphiQL>
  );
}

/** Copies what is in the editors as a command for a shell; the token stays here. */
function CopyCommand({ words }: Pick<Props, 'words'>) {
  const query = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  const [said, setSaid] = useState('');
  const copied = async () => {
    let given: unknown;
    try {
      given = JSON.parse(variables?.getValue() || '{}');
    } catch {
      return words.badVariables;
    }
    const body = JSON.stringify({ query: query?.getValue(), variables: given });
    const command = [
      `curl -sS ${location.origin}/graphql -H 'content-type: application/json' \\`,
      `  -H "authorization: Bearer $TOKEN" --data-binary @- <<'JSON'`,
      body,
      'JSON\n',
    ];
    try {
      await navigator.clipboard.writeText(command.join('\n'));
    } catch {
      // a page without TLS has no clipboard: the command is shown to be copied by hand
      window.prompt(words.curl, command.join('\n'));
    }
    return words.copied;
  };
  useEffect(() => {
    const clear = setTimeout(() => setSaid(''), 3000);
    return () => clearTimeout(clear);
  }, [said]);
  return (
    <ToolbarButton label={said || words.curl} onClick={() => void copied().then(setSaid)}>
      <span aria-hidden className="curl">
        $_
      </span>
    </ToolbarButton>
  );
}

/** What GraphiQL's parts leave unsaid or say wrongly to whatever reads a page aloud (axe found it), is said. */
function mend() {
  // a list item with the role of a tab and a button inside is neither: it is a button in a list
  for (const tab of document.querySelectorAll('.graphiql-tabs [role=tab]')) {
    const isCurrent = tab.getAttribute('aria-selected') === 'true';
    tab.querySelector('.graphiql-tab-button')?.setAttribute('aria-current', String(isCurrent));
    tab.removeAttribute('role');
    tab.removeAttribute('aria-selected');
    tab.parentElement?.removeAttribute('role');
  }
  // the name of an entry of the history is its text
  for (const entry of document.querySelectorAll('.graphiql-history-item-label[aria-label]')) entry.removeAttribute('aria-label');
  // a field of the explorer is named by the line that it stands in
  for (const field of document.querySelectorAll('.graphiql-plugin :is(input, select):not([aria-label])')) {
    const line = field.closest('[class^=graphiql-explorer], label, span, div')?.parentElement?.textContent ?? '';
    field.setAttribute('aria-label', line.replace(/[:"\s]+$/, '').trim().slice(0, 60) || 'value');
  }
}

function useMended() {
  useEffect(() => {
    const observer = new MutationObserver(mend);
    observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['role', 'aria-selected', 'aria-label'] });
    mend();
    return () => observer.disconnect();
  }, []);
}

/** Puts what was chosen into a tab of its own, once the editors are there: what was typed stays where it is. */
function Filling({ shown, welcome }: { shown: Shown | null; welcome: string }) {
  useMended();
  const query = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  const actions = useGraphiQLActions();
  const put = useRef(welcome);
  useEffect(() => {
    // long lines are seen whole, however narrow the editor is
    for (const editor of [query, variables]) editor?.updateOptions({ wordWrap: 'on' });
  }, [query, variables]);
  // before the page is painted: what is seen is what is run
  useLayoutEffect(() => {
    if (!shown || !query || !variables) return;
    // an example that nobody changed makes room for the next
    const typed = query.getValue();
    if (typed.trim() && typed !== put.current) actions.addTab();
    put.current = shown.text;
    query.setValue(shown.text);
    variables.setValue(shown.variables);
    query.focus();
  }, [shown, query, variables, actions]);
  return null;
}

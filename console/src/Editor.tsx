import { explorerPlugin } from '@graphiql/plugin-explorer';
import { useGraphiQL } from '@graphiql/react';
import type { Fetcher } from '@graphiql/toolkit';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import type { GraphQLSchema } from 'graphql';
import { useEffect } from 'react';

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
}

export function Editor({ schema, fetcher, shown, welcome }: Props) {
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
        <Filling shown={shown} />
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

/** Puts what was chosen into the editors, once they are there. */
function Filling({ shown }: { shown: Shown | null }) {
  const query = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  useEffect(() => {
    if (!shown || !query || !variables) return;
    query.setValue(shown.text);
    variables.setValue(shown.variables);
    query.focus();
  }, [shown, query, variables]);
  return null;
}

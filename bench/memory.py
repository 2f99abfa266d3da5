"""`python -m bench.memory`: how many bytes a kept document holds for each character of its text.

What api/engine/documents.py reckons with to bound its cache: about the dearest of these.
"""

import tracemalloc

from api.engine.documents import Documents
from api.schema.schema import contract

_FEED = """query Feed($slug: String!) { board(slug: $slug) { posts(first: 20) {
  nodes { id title body author { id displayName } comments(first: 3) { nodes { id body } } }
  pageInfo { hasNextPage endCursor } } } }"""
_DENSE = "{" + " ".join(f"a{i}:viewer{{id}}" for i in range(19)) + "}"
_INDENTED = "{\n" + "    viewer {\n        id\n        displayName\n    }\n" * 10 + "}"
_TEXTS = {"a feed": _FEED, "aliases, no spaces": _DENSE, "indented": _INDENTED}
_COPIES = 200


def main() -> None:
    """Keep many documents of each kind, and divide."""
    schema = contract().schema
    for name, text in _TEXTS.items():
        Documents(schema).read(text)  # what the schema keeps for itself is not the document's
        documents = Documents(schema)
        tracemalloc.start()
        for number in range(_COPIES):
            documents.read(f"{text}#{number}")
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(f"{name}: {held / _COPIES / len(text):.0f} bytes a character")


if __name__ == "__main__":
    main()

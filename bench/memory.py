"""Measure the bytes that a cached document takes for each character: `python -m bench.memory`.

api/engine/documents.py bounds its cache with about the largest of these figures.
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
    """Cache many documents of each kind and print the bytes for each character."""
    schema = contract().schema
    for name, text in _TEXTS.items():
        Documents(schema).read(text)  # so that what the schema itself caches is not counted
        documents = Documents(schema)
        tracemalloc.start()
        for number in range(_COPIES):
            documents.read(f"{text}#{number}")
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(f"{name}: {held / _COPIES / len(text):.0f} bytes a character")


if __name__ == "__main__":
    main()

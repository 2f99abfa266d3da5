"""Hostile documents with the code of their refusal, and the most expensive allowed documents.

`HOSTILE` is written by hand: these documents have brought other servers down. `COSTLIEST` are
documents within the limits: extremes written by hand, and what `search_costliest.py` found.
"""
# ruff: noqa: E501 # one attack a line

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import get_introspection_query

POST = "pst_AAAAAAAAAAAAAAAAAAAAAA"
PERMISSIONS = (
    "editPost", "deletePost", "pinPost", "unpinPost", "addComment", "react", "reportContent",
    "hideContent", "restoreContent", "appealModeration",
)  # fmt: skip
PARSE, VALIDATE = "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"
COMPLEX, INPUT = "QUERY_TOO_COMPLEX", "BAD_USER_INPUT"


@dataclass(frozen=True)
class Attack:
    """It is a document with its variables, and the code of its refusal; None if it is allowed."""

    name: str
    text: str
    code: str | None
    variables: dict[str, Any] | None = None


def fragments(count: int, each: str, first: str = "...F0") -> str:
    """Return `count` fragments on Query; `each` is formatted with its own and the next number."""
    parts = (f"fragment F{i} on Query {{ {each.format(i=i, n=i + 1)} }}" for i in range(count))
    return f"query {{ {first} }} {' '.join(parts)}"


def doubling(count: int) -> str:
    """Return fragments that each spread the next one twice: 2^count without a cache."""
    return f"{fragments(count, '...F{n} ...F{n}')} fragment F{count} on Query {{ __typename }}"


def nested(depth: int, opening: str, inner: str, closing: str) -> str:
    """Nest `opening` and `closing` to this depth around `inner`."""
    return opening * depth + inner + closing * depth


def aliases(count: int, field: str = "__typename") -> str:
    """Return a query with the same field under many aliases."""
    return "{ " + " ".join(f"a{i}: {field}" for i in range(count)) + " }"


def permissions(posts: int, asked: str) -> str:
    """Return a query of everything in `viewerCan` for some posts: the longest SQL of any field."""
    inner = "".join(f"{name}{{{asked}}}" for name in PERMISSIONS)
    return (
        "{"
        + " ".join(f'p{i}:post(id:"{POST}"){{viewerCan{{{inner}}}}}' for i in range(posts))
        + "}"
    )


def spread_permissions(posts: int) -> str:
    """Return the same query with fragments, so that few tokens produce much SQL."""
    inner = "".join(f"{name}{{...P}}" for name in PERMISSIONS)
    roots = " ".join(f'p{i}:post(id:"{POST}"){{...O}}' for i in range(posts))
    return (
        f"{{{roots}}} fragment O on Post{{viewerCan{{{inner}}}}}"
        " fragment P on Permission{code message}"
    )


def of_schema(inner: str) -> str:
    """Return an introspection query of every type."""
    return f"{{ __schema {{ types {{ {inner} }} }} }}"


_IDS = "query ($i: [ID!]!) { nodes(ids: $i) { id } }"
_FIRST = 'query ($n: Int) { search(query: "停水", first: $n) { nodes { id } } }'
_INPUT = "mutation ($i: CreatePostInput!) { createPost(input: $i) { userErrors { code } } }"

HOSTILE = [
    Attack("fragments doubling 26 times", doubling(26), COMPLEX),
    Attack("fragments doubling 38 times", doubling(38), COMPLEX),
    Attack("fragments doubling 90 times", doubling(90), COMPLEX),
    Attack("fields doubling", fragments(30, "a{i}: __typename ...F{n} b{i}: __typename ...F{n}"), COMPLEX),
    Attack("a fragment in itself", "{ ...A } fragment A on Query { ...A }", VALIDATE),
    Attack("a cycle of three", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }", VALIDATE),
    Attack("a cycle of 38", fragments(38, "...F{n}") .replace("...F38", "...F0"), VALIDATE),
    Attack("15 fragments that spread ten", fragments(15, " ".join(f"...F{i}" for i in range(10))), VALIDATE),
    Attack("1,000 fragments", fragments(1000, "apiInfo"), COMPLEX),
    Attack("1,000 operations", " ".join(f"query A{i} {{ __typename }}" for i in range(1000)), COMPLEX),
    Attack("100 operations", " ".join(f"query A{i}{{__typename}}" for i in range(99)), COMPLEX),
    Attack("selections 300 deep", nested(300, "{ viewer ", "", "}"), COMPLEX),
    Attack("selections 120 deep", nested(120, "{ viewer ", "{ id }", "}"), COMPLEX),
    Attack("inline fragments 300 deep", "{" + nested(300, "... {", "__typename", "}") + "}", COMPLEX),
    Attack("inline fragments 100 deep", "{" + nested(100, "... {", "__typename", "}") + "}", None),
    Attack("a list 300 deep", f"{{ nodes(ids: {nested(300, '[', '', ']')}) {{ id }} }}", COMPLEX),
    Attack("a list 150 deep", f"{{ nodes(ids: {nested(150, '[', '', ']')}) {{ id }} }}", VALIDATE),
    Attack("an object 100 deep", f"{{ post(id: {nested(100, '{a:', '1', '}')}) {{ id }} }}", VALIDATE),
    Attack("a type 150 deep", f"query ($a: {nested(150, '[', 'Int', ']')}) {{ __typename }}", VALIDATE),
    Attack("braces unclosed", "{" * 20_000, PARSE),
    Attack("brackets unclosed", "{ a(b: " + "[" * 400, COMPLEX),
    Attack("450 directives", "{ __typename " + "@a" * 225 + " }", COMPLEX),
    Attack("many @include", "{ __typename " + "@include(if: true) " * 60 + "}", COMPLEX),
    Attack("directives on the operation", "query " + "@a " * 200 + "{ __typename }", VALIDATE),
    Attack("600 same fields", "{ " + "viewer { id } " * 600 + "}", COMPLEX),
    Attack("80 same fields", "{ " + "viewer { id } " * 80 + "}", COMPLEX),
    Attack("20 same fields, deep", "{ " + "community { board(slug: \"a\") { id } } " * 20 + "}", None),
    Attack("600 aliases", aliases(600), COMPLEX),
    Attack("120 aliases", aliases(120), COMPLEX),
    Attack("31 aliases", aliases(31), COMPLEX),
    Attack("60 aliases of a post", aliases(60, f'post(id: "{POST}") {{ id }}'), COMPLEX),
    Attack("a response key of 64 bytes", "{ " + "a" * 64 + ": __typename }", COMPLEX),
    Attack("an integer of 60,000 digits", f"{{ search(query: \"a\", first: {'9' * 60_000}) {{ nodes {{ id }} }} }}", VALIDATE),
    Attack("a float of 60,000 digits", f"{{ search(query: \"a\", first: 1.{'9' * 60_000}) {{ nodes {{ id }} }} }}", VALIDATE),
    Attack("a string of 60,000 characters", f'{{ search(query: "{"水" * 20_000}") {{ totalCount }} }}', INPUT),
    Attack("a string of escapes", '{ search(query: "' + "\\u6c34" * 10_000 + '") { totalCount } }', INPUT),
    Attack("a block string of lines", '{ search(query: """' + "\n 水" * 12_000 + '""") { totalCount } }', INPUT),
    Attack("a name of 60,000 letters", "{ " + "a" * 60_000 + " }", COMPLEX),
    Attack("a type of 60,000 letters", "{ ... on " + "A" * 60_000 + " { id } }", VALIDATE),
    Attack("an argument of 60,000 letters", "{ viewer(" + "a" * 60_000 + ": 1) { id } }", VALIDATE),
    Attack("an enum value of 60,000 letters", "{ moderationQueue(state: " + "A" * 60_000 + ") { nodes { id } } }", VALIDATE),
    Attack("60 KB of comments", "#" + "a" * 60_000 + "\n{ __typename }", None),
    Attack("60 KB of commas", "{" + "," * 60_000 + "__typename }", None),
    Attack("30,000 empty lines", "\n" * 60_000 + "{ __typename }", None),
    Attack("unknown fields with suggestions", "{ " + " ".join(f"communit{i:03}" for i in range(20)) + " }", VALIDATE),
    Attack("190 unknown fields", "{ viewer { " + " ".join(f"x{i}" for i in range(190)) + " } }", VALIDATE),
    Attack("160 variables unused", "query (" + " ".join(f"$v{i}: Int" for i in range(160)) + ") { __typename }", COMPLEX),
    Attack("120 variables unused", "query (" + " ".join(f"$v{i}: Int" for i in range(120)) + ") { __typename }", VALIDATE),
    Attack("5 conditions", "query (" + " ".join(f"$c{i}: Boolean!" for i in range(5)) + ") { " + " ".join(f"a{i}: __typename @include(if: $c{i})" for i in range(5)) + " }", COMPLEX, {f"c{i}": True for i in range(5)}),
    Attack("introspection in a cycle", of_schema("fields { type { fields { type { fields { name } } } }"), PARSE),
    Attack("introspection of fields of fields", of_schema("fields { type { fields { name } } }"), COMPLEX),
    Attack("introspection by fragments in a cycle", "{ __schema { types { ...T } } } fragment T on __Type { fields { type { ...T } } }", VALIDATE),
    Attack("introspection by fragments of fields", "{ __schema { types { fields { type { ...T } } } } } fragment T on __Type { enumValues { name } }", COMPLEX),
    Attack("introspection 20 types deep", of_schema(nested(20, "ofType {", "name", "}")), COMPLEX),
    Attack("introspection twice", "{ a: __schema { types { name } } b: __schema { types { name } } }", COMPLEX),
    Attack("introspection of 20 types", "{ " + " ".join(f'a{i}: __type(name: "Post") {{ name }}' for i in range(20)) + " }", COMPLEX),
    Attack("introspection of 10 types, 31 fields each", "{ " + " ".join(f'a{i}: __type(name: "Query") {{ ...T }}' for i in range(10)) + " } fragment T on __Type { fields { " + "name " * 15 + "args { " + "name " * 15 + "} } }", COMPLEX),
    Attack("introspection under aliases", of_schema(" ".join(f"a{i}: name" for i in range(20))), COMPLEX),
    Attack("a full introspection", get_introspection_query(), None),
    Attack("13 connections", "{ " + " ".join(f'a{i}: search(query: "停水", first: 1) {{ ...P }}' for i in range(13)) + " } fragment P on PostConnection { nodes { id } }", COMPLEX),
    Attack("connections hidden in inline fragments", "{ " + " ".join(f'a{i}: search(query: "停水") {{ ... {{ nodes {{ id }} }} }}' for i in range(13)) + " }", COMPLEX),
    Attack("21 roots", "{ " + " ".join(f'a{i}: apiInfo {{ version }}' for i in range(21)) + " }", COMPLEX),
    Attack("pages in pages", '{ search(query: "停水", first: 50) { nodes { comments(first: 50) { nodes { replies(first: 50) { nodes { id } } } } } } }', COMPLEX),
    Attack("10^9 rows", _FIRST, INPUT, {"n": 10**9}),
    Attack("-1 rows", _FIRST, INPUT, {"n": -1}),
    Attack("16,000 ids", _IDS, INPUT, {"i": ["a"] * 16_000}),
    Attack("12,000 bad ids", _IDS, INPUT, {"i": [1.5] * 12_000}),
    Attack("6,000 unknown keys", _INPUT, INPUT, {"i": {f"k{i}": 1 for i in range(6_000)}}),
    Attack("a number as 60,000 digits of text", _FIRST, INPUT, {"n": "9" * 60_000}),
    Attack("a variable 30 deep", _INPUT, INPUT, {"i": {"title": [[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]}}),
    Attack("4,000 variables nobody asked for", "query ($a: Int) { a: __typename @include(if: true) b: search(query: \"停水\", first: $a) { totalCount } }", None, {f"v{i}": "x" for i in range(4_000)}),
]  # fmt: skip

COSTLIEST = [
    Attack("500 tokens, 40 permissions in full", permissions(4, "allowed code message"), None),
    Attack("50 permissions", permissions(4, "code message"), None),
    Attack("permissions by fragments", spread_permissions(6), None),
    *(
        Attack(path.stem, path.read_text(), None)
        for path in sorted((Path(__file__).parent / "costliest").glob("*.graphql"))
    ),
]

# The query of one screen of the mini-program: it must always be allowed.
FEED = """query Feed($slug: String!, $after: Cursor) {
  viewer { id displayName roles }
  community {
    id name state counts { members posts }
    street { name }
    boards { id slug title kind isArchived unreadCount viewerCan { createPost { allowed message } } }
  }
  board(slug: $slug) {
    id title viewerCan { createPost { allowed message } }
    posts(first: 10, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        id title body pinned state createdAt editedAt version commentCount reactionCount
        viewerHasRead
        author { ...Who }
        reactions { kind count viewerHasReacted }
        viewerCan { editPost { allowed } deletePost { allowed } addComment { allowed message } }
        comments(first: 3) {
          totalCount
          nodes {
            id body createdAt
            author { ...Who }
            replies(first: 2) { nodes { id body createdAt author { ...Who } } }
          }
        }
      }
    }
  }
}
fragment Who on Member { id displayName building roles }"""

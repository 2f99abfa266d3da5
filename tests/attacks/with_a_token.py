"""Provide attacks with a valid token: how much one person can cost (S2, S8, S12, S13)."""

import re
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from api.engine.bindings import prefix_of
from api.engine.identifiers import encode_id
from api.settings import Limits
from tenants.catalogue.tables import petition_categories
from tests.attacks.harness import PROVE, SECONDS, Attacker, Ground, Seen, attack
from tests.street import SECRETARY, Person, key, pst

_AT_ONCE = 16
_COSTLIEST = Path(__file__).parents[1] / "api" / "costliest"
# the longest query: words that every text contains, 社区, and one that no text contains
_SINGLE = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能"
_LONG = f"社区 {'，'.join(_SINGLE)}，" * 27  # about 2,450 characters
_FEW_WORDS = f"社区 {' '.join(_SINGLE[:6])} 龘"
_MANY_WORDS = f"社区 {' '.join(_SINGLE[:44])} 龘"
_ALIASES = " ".join(f"s{i}: %s(query: $a, first: 1) {{ nodes {{ id }} }}" for i in range(12))


def _searching(attacker: Attacker, field: str, words: str) -> bytes:
    document = f"query ($a: String!) {{ {_ALIASES} }}".replace("%s", field)
    return attacker.post("/graphql", {"query": document, "variables": {"a": words}})


async def _with_posts(ground: Ground) -> str:
    """Create a person in another community who wrote a hundred long posts; return their token."""
    who = await ground.make.member(await ground.make.community())
    await _copied(ground, who, "post", await ground.make.post(who, title="社区", body=_LONG), 99)
    return ground.token(who, who.id)


async def _with_letters(ground: Ground) -> tuple[str, str]:
    """Create the same with as many long letters as allowed; return their token and a category."""
    who = await ground.make.member(await ground.make.community())
    texts: dict[str, Any] = {"title": "社区", "body": _LONG * 4, "secrecy": "PRIVATE"}
    letter = await ground.make.petition(who, **texts)
    await _copied(ground, who, "petition", letter, 18)
    return ground.token(who, who.id), await _category(ground, who)


async def _category(ground: Ground, who: Person) -> str:
    assert who.place is not None
    found = await ground.make.value(who.place, "select id from reference.petition_category limit 1")
    return encode_id(found, prefix_of(petition_categories))


async def _copied(ground: Ground, who: Person, table: str, row: Any, times: int) -> None:
    """Copy a text and its search terms this many times."""
    assert who.place is not None
    await ground.make.rows(
        who.place,
        f"""with made as (
          insert into tenant.{table}
          select (jsonb_populate_record(
            one, jsonb_build_object('id', md5(one.id::text || n)::uuid))).*
          from tenant.{table} one, generate_series(1, $2) n where id = $1
          returning community_id, id)
        insert into tenant.{table}_term (community_id, term, {table}_id)
        select made.community_id, term, made.id
        from made, tenant.{table}_term where {table}_id = $1""",
        row,
        times,
    )


@attack("S2", "searches of many words by many aliases", persons=1, prepare=_with_posts)
async def searches(attacker: Attacker) -> None:
    attacker.token = attacker.prepared
    for words in (_FEW_WORDS, _MANY_WORDS):
        sent = _searching(attacker, "search", words)
        await attacker.ask_at_once([sent] * _AT_ONCE)


@attack("S2", "searches of letters sent and taken back", persons=1, prepare=_with_letters)
async def searches_of_letters(attacker: Attacker) -> None:
    attacker.token, category = attacker.prepared
    sent = _searching(attacker, "searchPetitions", _FEW_WORDS)
    await _sent_and_taken_back(attacker, category)
    await attacker.ask_at_once([sent] * _AT_ONCE)


async def _sent_and_taken_back(attacker: Attacker, category: str) -> None:
    given = {"kind": "HELP", "title": "社区", "body": _LONG * 4, "idempotencyKey": key()}
    sent = await attacker.ask(_changing(attacker, "submitPetition", categoryId=category, **given))
    if (petition := re.search(rb'"(pet_[^"]+)"', sent)) is not None:
        await attacker.ask(_changing(attacker, "withdrawPetition", petitionId=petition[1].decode()))


def _changing(attacker: Attacker, verb: str, **given: Any) -> bytes:
    shown = "petition { id } " if verb.endswith("Petition") else ""
    name = f"{verb[0].upper()}{verb[1:]}Input"
    document = f"mutation ($i: {name}!) {{ {verb}(input: $i) {{ {shown}userErrors {{ code }} }} }}"
    return attacker.post("/graphql", {"query": document, "variables": {"i": given}})


@attack("S8", "new costly documents of everyone")
async def new_documents(attacker: Attacker) -> None:
    texts = [path.read_text() for path in sorted(_COSTLIEST.glob("*.graphql"))]
    await attacker.ask_at_once(
        attacker.post("/graphql", {"query": f"{text}\n# {uuid4()}"})
        for text in islice(cycle(texts), 60)
    )


async def _one_person(ground: Ground) -> tuple[list[str], str]:
    """Create one person with three tokens and a post."""
    who = await ground.make.member(await ground.make.community())
    guest = await ground.make.absent(await ground.make.community())
    post = await ground.make.post(who)
    clients = ((who, "tests"), (who, "linli-script"), (guest, "tests"))
    return [ground.token(each, who.id, client) for each, client in clients], pst(post)


def _one_budget(seen: Seen) -> None:
    """Assert that all tokens together spent one person's budget; the machine may be 10 s late."""
    limits, seconds = Limits(), SECONDS + 10
    for bucket, name in ((limits.person_queries, "read"), (limits.person_mutations, "changed")):
        assert seen[name] <= bucket.size + seconds * bucket.per_second, seen


@attack("S12", "one person by many tokens", persons=3, prepare=_one_person, expect=_one_budget)
async def many_tokens(attacker: Attacker) -> None:
    tokens, post = attacker.prepared
    attacker.token = tokens[attacker.number]
    reads = attacker.post(
        "/graphql",
        {
            "query": """{ board(slug: "notices") { posts(first: 50) { nodes {
              id title body comments(first: 10) { nodes { id } } } } } }"""
        },
    )
    changes = _changing(attacker, "markRead", postIds=[post])
    for sent, name in ((reads, "read"), (changes, "changed")):
        answer = await attacker.ask(sent)
        if answer[9:12] == b"200" and (cost := re.search(rb"\r\nx-cost: (\d+)", answer)):
            attacker.seen[name] += int(cost[1])


async def _secretary(ground: Ground) -> tuple[str, str]:
    who = await ground.make.member(await ground.make.community(), *SECRETARY)
    return ground.token(who, who.id), await _category(ground, who)


def _paid(seen: Seen) -> None:
    """Assert that refused requests cost budget; a sample on a busy machine may be too short."""
    assert seen["200"] == 0, seen
    assert seen["429"] > 0 or not PROVE, seen


@attack("S13", "imports with one wrong field", persons=1, prepare=_secretary, expect=_paid)
async def wrong_imports(attacker: Attacker) -> None:
    attacker.token, category = attacker.prepared
    letters: list[dict[str, Any]] = [
        {"sourceId": str(i), "submittedAt": "2026-01-01T08:00:00Z", "title": "路灯", "body": "坏了"}
        for i in range(191)
    ]
    letters[-1]["wrong"] = 1
    given = {"source": "旧档", "categoryId": category, "petitions": letters}
    sent = _changing(attacker, "importPetitions", **given)
    await attacker.ask_at_once([sent] * _AT_ONCE)


@attack("S13", "many ids and one wrong", persons=1, prepare=_secretary, expect=_paid)
async def wrong_ids(attacker: Attacker) -> None:
    attacker.token, _ = attacker.prepared
    ids = [*(["pst_AAAAAAAAAAAAAAAAAAAAAA"] * 990), "wrong"]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    sent = attacker.post("/graphql", {"query": query, "variables": {"ids": ids}})
    await attacker.ask_at_once([sent] * _AT_ONCE)

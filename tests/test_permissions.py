"""Permissions: the matrix is a reviewed text, and the rules do what it says."""

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from graphql import GraphQLObjectType

from api.engine.identifiers import encode_id
from api.engine.sql import template
from api.schema.schema import contract, sdl
from tenants.domains import DOMAINS
from tenants.policy import OPEN, PART, Reason, Rule, access_to, visible
from tenants.procedure import Step
from tenants.scopes import SCOPES_OF_ROLE, Role
from tenants.viewer import Principal
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Make, Person, key

REVIEWED = Path(__file__).parent / "permissions.txt"
CONTRACT = contract()
# The principal kind of a token with this role; for other roles, a member of a community.
PRINCIPALS = {
    Role.GUEST: Principal.GUEST,
    Role.DISTRICT_ADMIN: Principal.DISTRICT,
    Role.DEPARTMENT_HANDLER: Principal.DEPARTMENT,
    Role.APP: Principal.APP,
    Role.INSPECTOR: Principal.INSPECTOR,
}


def rules(*policies: ModuleType) -> list[Rule]:
    """Return every rule of these domains, or of all."""
    found: list[Rule] = []
    for module in policies or DOMAINS.policies:
        for value in vars(module).values():
            held = value.values() if isinstance(value, dict) else [value]
            # a step names the rules that it asks of other rows
            found += [rule for rule in held if isinstance(rule, Rule) and rule not in found]
    if not policies:
        # a small domain declares its steps beside the procedure
        steps = (step for procedure in DOMAINS.procedures for step in procedure.steps)
        found += [step for step in steps if step not in found]
    return found


def roots() -> list[tuple[str, str]]:
    """Return every field that requires a scope."""
    return sorted(at for at, spec in CONTRACT.fields.items() if spec.requires is not None)


def matrix() -> str:
    """Print which roles may select which fields, and when a verb is refused."""
    lines = ["# Reviewed. Regenerate: python -m tests.test_permissions", ""]
    width = max(len(f"{type_}.{name}") for type_, name in roots())
    heads = " ".join(f"{role[:9]:9}" for role in Role)
    lines.append(f"{'field':{width}} {'scope':18} {heads}")
    for type_, name in roots():
        scope = CONTRACT.fields[type_, name].requires
        marks = " ".join(f"{'yes' if scope in SCOPES_OF_ROLE[role] else '-':9}" for role in Role)
        lines.append(f"{f'{type_}.{name}':{width}} {scope!s:18} {marks}".rstrip())
    lines += ["", *_kinds(heads), "", "rows that no officer changes, being of their own case", ""]
    lines += [
        f"{table.name}: {_sql(table.info['own'], table)}"
        for table in sorted(DOMAINS.tables, key=lambda table: table.name)
        if "own" in table.info
    ]
    lines += ["", "verb on a row: refused with the first that holds", ""]
    for rule in rules():
        lines.append(f"{rule.name} on {rule.table.name} ({rule.scope})")
        lines += [f"    {reason.code}: {_sql(reason, rule.table)}" for reason in rule.reasons]
        lines += [
            f"    {reason.code}, to officers: {_sql(reason, rule.table)}" for reason in rule.above
        ]
    return "\n".join(lines) + "\n"


def _kinds(heads: str) -> list[str]:
    """Return the lines with the scopes that the rows of each table require on every path."""
    tables = [table for table in DOMAINS.tables if "visible" in table.info]
    width = max(len(table.name) for table in tables)
    lines = [f"{'rows of':{width}} {'any one of':46} {heads}"]
    for table in sorted(tables, key=lambda table: table.name):
        asked = access_to(table)
        if asked in (OPEN, PART):
            lines.append(
                f"{table.name:{width}} {'no scope' if asked is OPEN else 'as what they are part of'}"
            )
            continue
        marks = " ".join(f"{_mark(table, role):9}" for role in Role)
        scopes = list(dict.fromkeys((*asked.inside, *asked.above)))
        lines.append(f"{table.name:{width}} {' '.join(scopes):46} {marks}".rstrip())
    return lines


def _mark(table: sa.Table, role: Role) -> str:
    principal = PRINCIPALS.get(role, Principal.COMMUNITY)
    if visible(table, principal) is None:
        return "-"
    return "yes" if SCOPES_OF_ROLE[role] & set(access_to(table).of(principal)) else "-"


def _sql(reason: Reason, table: sa.Table) -> str:
    """Print a condition as in the statement: constants written out, parameters by name."""
    parts = template(reason.when, table).parts
    text = "".join(
        table.name if part is None else part if isinstance(part, str) else f":{part.key}"
        for part in parts
    )
    return re.sub(r"\s+", " ", text.replace("tenant.", ""))


def test_the_matrix_is_the_reviewed_one() -> None:
    assert matrix() == REVIEWED.read_text(), "review the change, then regenerate the file"


def test_every_mutation_needs_a_scope_and_says_so_in_three_places() -> None:
    root = CONTRACT.schema.mutation_type
    assert isinstance(root, GraphQLObjectType)
    printed = sdl()
    for name, field in root.fields.items():
        scope = CONTRACT.spec("Mutation", name).requires
        assert scope is not None, name
        assert f"Requires: `{scope}`" in (field.description or "")
        pattern = rf"\n  {name}\([^)]*\)?.*?@requiresScope\(anyOf: \[{scope.name}\]\)"
        assert re.search(pattern, printed, re.DOTALL), name


# Rules of which `viewerCan` does not tell, by table.
_OF_ONESELF = {"exportMyData", "eraseMe"}
UNTOLD = {
    # these name no row: they are about the viewer
    "member": {
        *_OF_ONESELF, "updateDisplayName", "giveConsent", "withdrawConsent",
        "verifyPhone", "submitForReview", "leaveCommunity", "assignPetition",
        "nameHouseholdRepresentative", "decideHouseholdRepresentative",
    },
    "officer": _OF_ONESELF,
    # these rows are a choice in a mutation on another row (`assignPetition` of a member, too)
    "board": {"grantRole"},
    "department": {"assignPetition", "submitPetition", "inviteOfficer"},
    "petition_category": {"submitPetition"},
    "petition": {"draftMeeting"},
    # whoever sees a post may mark it read, and send a petition or propose a topic about it
    "post": {"markRead", "proposeTopic", "submitPetition"},
    "vote": {"submitTopicToMeeting"},
    # projects stand above topics, whose file does not know them
    "topic": {"planProject"},
}  # fmt: skip


def begins(rule: Rule) -> bool:
    """Say whether a rule is asked of no row, because its mutation makes it."""
    return isinstance(rule, Step) and rule.may_begin and rule.table is rule.procedure.table


def test_viewer_can_tells_of_every_mutation_on_a_row() -> None:
    types = {table.name: type_.name for type_, table in CONTRACT.nodes.values()}
    types["member_record"] = "MemberRecord"
    root = CONTRACT.schema.mutation_type
    assert isinstance(root, GraphQLObjectType)
    untold: dict[str, set[str]] = {}
    for rule in rules():
        if rule.name in root.fields and not begins(rule):
            told = CONTRACT.schema.type_map.get(f"{types[rule.table.name]}Permissions")
            if told is None or rule.name not in getattr(told, "fields", {}):
                untold.setdefault(rule.table.name, set()).add(rule.name)
    assert untold == UNTOLD


def test_the_names_in_viewer_can_are_those_of_mutations() -> None:
    root = CONTRACT.schema.mutation_type
    assert isinstance(root, GraphQLObjectType)
    told = {
        name
        for type_ in CONTRACT.schema.type_map.values()
        if isinstance(type_, GraphQLObjectType) and type_.name.endswith("Permissions")
        for name in type_.fields
    }
    assert told - set(root.fields) == {"inspectCommunity"}, "which is done at /auth/token"


# The mutations on a post: the argument that names it, and the rest of the input.
VERBS: dict[str, tuple[str, dict[str, Any]]] = {
    "editPost": ("postId", {"title": "新标题", "body": "新内容", "expectedVersion": 1}),
    "deletePost": ("postId", {"reason": "理由"}),
    "pinPost": ("postId", {}),
    "unpinPost": ("postId", {}),
    "acknowledgeNotice": ("postId", {}),
    "addComment": ("postId", {"body": "好"}),
    "react": ("subjectId", {"kind": "LIKE"}),
    "reportContent": ("subjectId", {"reasonCode": "SPAM"}),
    "hideContent": ("subjectId", {"reasonCode": "SPAM", "reason": "广告"}),
    "restoreContent": ("subjectId", {"reason": "没有问题"}),
    "appealModeration": ("subjectId", {"body": "请再看看"}),
}


async def _post_in(make: Make, author: Person, judge: Person, situation: str) -> Any:
    """Create a post in one of the situations that rules distinguish."""
    states = {"held": "HELD", "hidden": "HIDDEN", "appealed": "HIDDEN", "upheld": "HIDDEN"}
    post = await make.post(
        author, state=states.get(situation, "PUBLISHED"), pinned=situation == "pinned"
    )
    decided = {"decided_by": judge.id, "reason": "广告"}
    if situation == "held":
        await make.case(author, post, was_held=True)
    elif situation == "reported":
        await make.case(author, post)
    elif situation in states:
        state = {"hidden": "HIDDEN"}.get(situation, situation.upper())
        extra = {"appeal_decided_by": author.id} if situation == "upheld" else {}
        await make.case(author, post, state=state, **decided, **extra)
    return post


@pytest.mark.parametrize(
    "situation", ["published", "pinned", "held", "reported", "hidden", "appealed", "upheld"]
)
@pytest.mark.parametrize("who", ["author", "neighbour", "committee", "secretary"])
async def test_what_viewer_can_says_is_what_the_mutation_does(
    make: Make, signed_in: SignIn, situation: str, who: str
) -> None:
    elm = await make.community()
    people = {
        "author": await make.member(elm),
        "neighbour": await make.member(elm),
        "committee": await make.member(elm, *STAFF),
        "secretary": await make.member(elm, *SECRETARY),
    }
    judge = await make.member(elm, *STAFF)
    asker = signed_in(people[who])
    assert set(CONTRACT.object("PostPermissions").fields) == set(VERBS)
    for verb, (argument, rest) in VERBS.items():
        post = await _post_in(make, people["author"], judge, situation)
        post_id = encode_id(post, "pst_")
        told = (
            await asker.run(
                f"query ($id: ID!) {{ post(id: $id) {{ viewerCan {{ {verb} {{ allowed code }} }} }} }}",
                id=post_id,
            )
        ).data["post"]

        extra = {"idempotencyKey": key()} if verb == "addComment" else {}
        type_name = verb[0].upper() + verb[1:] + "Input"
        done = await asker.run(
            f"mutation ($input: {type_name}!) {{ {verb}(input: $input) {{ userErrors {{ code }} }} }}",
            input={argument: post_id, **rest, **extra},
        )

        if told is None:
            assert done.codes == ["FORBIDDEN"] or done.refusals == ["NOT_FOUND"], verb
        elif told["viewerCan"][verb]["allowed"]:
            assert done.refusals == [], verb
        else:
            code = told["viewerCan"][verb]["code"]
            assert done.codes == [code] or done.refusals == [code], verb


CREATE = "mutation ($input: CreatePostInput!) { createPost(input: $input) { userErrors { code } } }"
MAY_POST = {
    "notices": {"committee", "secretary"},
    "party": {"committee", "secretary"},
    "hall": {"resident", "committee", "secretary"},
    "neighbours": {"resident", "committee", "secretary"},
    "plaza": {"resident", "committee", "secretary"},
    "affairs": {"committee", "secretary"},
}


async def test_who_may_post_where_is_the_boards_rule(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    people = {
        "resident": await make.member(elm),
        "committee": await make.member(elm, *STAFF),
        "secretary": await make.member(elm, *SECRETARY),
    }
    for slug, allowed in MAY_POST.items():
        for who, person in people.items():
            answer = await signed_in(person).run(CREATE, input={
                "boardId": elm.board(slug), "title": "题", "body": "文", "idempotencyKey": key()})  # fmt: skip
            assert answer.refusals == ([] if who in allowed else ["FORBIDDEN"]), (slug, who)
    written = sum(len(allowed) for allowed in MAY_POST.values())
    assert await make.value(elm, "select count(*) from tenant.post") == written


if __name__ == "__main__":
    REVIEWED.write_text(matrix())

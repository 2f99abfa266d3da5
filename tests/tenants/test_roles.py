"""Roles are given by the secretary, with a reason, and never by those who get or lose them."""

import asyncio
from dataclasses import replace

from api.engine.identifiers import encode_id
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Person, SignedIn, pst
from tests.tenants.conftest import Lane, faults, id_of

HELD = "select roles, permission_version from tenant.member where id = $1"
ALL = "select id, roles, permission_version from tenant.member order by id"
VERBS = ("grantRole", "revokeRole")


def who(asker: SignedIn | Person) -> dict[str, str]:
    """Return the input that names a member and a reason."""
    person = asker if isinstance(asker, Person) else asker.person
    return {"memberId": person.public_id, "reason": "换届选举"}


async def test_a_committee_member_is_made_with_a_reason(lane: Lane, signed_in: SignIn) -> None:
    done = await lane.secretary.do(
        "grantRole", "member { id roles }", memberId=lane.author.person.public_id, reason=" 换届\n"
    )

    granted = ["RESIDENT", "COMMITTEE_MEMBER"]
    assert done.payload["member"] == {"id": lane.author.person.public_id, "roles": granted}
    assert await lane.rows(HELD, id_of(lane.author)) == [(granted, 2)]
    post = pst(await lane.make.post(lane.neighbour.person))
    anew = signed_in(replace(lane.author.person, roles=STAFF, version=2))
    assert (await anew.do("pinPost", postId=post)).refusals == []
    assert (await lane.trace())[0] == (
        "role.granted", id_of(lane.secretary), id_of(lane.author), "换届"
    )  # fmt: skip


async def test_who_loses_the_role_loses_its_tokens_at_once(lane: Lane, signed_in: SignIn) -> None:
    post = pst(await lane.make.post(lane.author.person))

    done = await lane.secretary.do("revokeRole", "member { roles }", **who(lane.staff))

    assert done.payload["member"] == {"roles": ["RESIDENT"]}
    assert await lane.rows(HELD, id_of(lane.staff)) == [(["RESIDENT"], 2)]
    stale = await lane.staff.do("pinPost", postId=post)
    assert (stale.status, stale.codes) == (401, ["UNAUTHENTICATED"])
    anew = signed_in(replace(lane.staff.person, roles=("RESIDENT",), version=2))
    assert (await anew.do("pinPost", postId=post)).codes == ["FORBIDDEN"]
    assert (await anew.run("{ viewer { roles } }")).data == {"viewer": {"roles": ["RESIDENT"]}}
    assert await lane.value("select pinned from tenant.post") is False
    assert await lane.trace() == [
        ("role.revoked", id_of(lane.secretary), id_of(lane.staff), "换届选举")
    ]


ASKING_NO_TABLE = (
    "{ viewer { id } }",
    "{ viewer { scopes roles } }",
    "{ __typename }",
    "mutation { __typename }",
    "{ apiInfo { version } rateLimit { cost } }",
    "{ consentTexts { version } }",
    "{ __schema { queryType { name } } }",
)


async def test_a_stale_token_cannot_be_helped_by_the_roles_it_claims(
    lane: Lane, signed_in: SignIn
) -> None:
    await lane.secretary.do("revokeRole", **who(lane.staff))
    await lane.secretary.do("grantRole", **who(lane.staff))
    assert await lane.rows(HELD, id_of(lane.staff)) == [(["RESIDENT", "COMMITTEE_MEMBER"], 3)]
    for version, status in ((1, 401), (2, 401), (3, 200)):
        token = signed_in(replace(lane.staff.person, version=version))
        for text in ASKING_NO_TABLE:
            assert (await token.run(text)).status == status, (version, text)


async def test_who_is_nothing_but_committee_stays_a_resident(lane: Lane) -> None:
    member = await lane.make.member(lane.place, "COMMITTEE_MEMBER")
    done = await lane.secretary.do("revokeRole", "member { roles }", **who(member))
    assert done.payload["member"] == {"roles": ["RESIDENT"]}


async def test_only_the_secretary_gives_and_takes_roles(lane: Lane) -> None:
    before = await lane.rows(ALL)
    for asker in (lane.author, lane.staff):
        for verb in VERBS:
            for member in (lane.neighbour, lane.staff, asker):
                assert (await asker.do(verb, **who(member))).codes == ["FORBIDDEN"]
    assert await lane.rows(ALL) == before
    assert await lane.trace() == []


async def test_a_secretary_changes_neither_themselves_nor_unseats_another(lane: Lane) -> None:
    other = await lane.make.member(lane.place, *SECRETARY, "COMMITTEE_MEMBER")
    before = await lane.rows(ALL)
    for verb, member in (
        ("grantRole", lane.secretary),
        ("revokeRole", lane.secretary),
        ("revokeRole", other),
    ):
        assert (await lane.secretary.do(verb, **who(member))).refusals == ["FORBIDDEN"], verb
    assert await lane.rows(ALL) == before
    assert await lane.trace() == []


async def test_a_role_is_given_to_who_has_it_not_and_taken_from_who_has(lane: Lane) -> None:
    before = await lane.rows(ALL)
    given = await lane.secretary.do("grantRole", "member { id }", **who(lane.staff))
    taken = await lane.secretary.do("revokeRole", "member { id }", **who(lane.author))
    at = ["input", "memberId"]
    assert (faults(given), faults(taken)) == ([("ALREADY_DONE", at)], [("WRONG_STATE", at)])
    assert (given.payload["member"], taken.payload["member"]) == (None, None)
    assert await lane.rows(ALL) == before
    assert await lane.trace() == []


async def test_a_role_changes_for_a_reason_of_some_length(lane: Lane) -> None:
    before = await lane.rows(ALL)
    for verb, member in zip(VERBS, (lane.author, lane.staff), strict=True):
        for reason, code in (("", "REQUIRED"), (" \n", "REQUIRED"), ("长" * 501, "TOO_LONG")):
            refused = await lane.secretary.do(verb, **{**who(member), "reason": reason})
            assert faults(refused) == [(code, ["input", "reason"])]
    assert await lane.rows(ALL) == before
    assert (await lane.author.run("{ viewer { id } }")).status == 200
    assert await lane.trace() == []


async def test_who_is_gone_is_given_and_taken_nothing(lane: Lane) -> None:
    for state in ("MOVED_OUT", "ANONYMISED"):
        gone = await lane.make.member(lane.place, *STAFF)
        async with lane.make.inside(lane.place.key) as connection:
            await connection.execute(
                "update tenant.member set state = $1, "
                "left_at = case when $1 = 'MOVED_OUT' then now() end where id = $2",
                state,
                gone.id,
            )
        for verb in VERBS:
            for member_id in (gone.public_id, encode_id(gone.id, "pst_"), ""):
                refused = await lane.secretary.do(verb, memberId=member_id, reason="换届")
                assert faults(refused) == [("NOT_FOUND", ["input", "memberId"])]
        assert await lane.rows(HELD, gone.id) == [(list(STAFF), 1)]
    assert await lane.trace() == []


async def test_a_role_given_many_times_at_once_is_given_once(lane: Lane) -> None:
    answers = await asyncio.gather(
        *(lane.secretary.do("grantRole", **who(lane.author)) for _ in range(12))
    )
    assert sorted(answer.refusals for answer in answers) == [[], *[["ALREADY_DONE"]] * 11]
    assert await lane.rows(HELD, id_of(lane.author)) == [(["RESIDENT", "COMMITTEE_MEMBER"], 2)]
    assert await lane.actions() == ["role.granted"]


async def test_a_secretarys_roles_are_not_another_secretarys_to_change(
    lane: Lane, signed_in: SignIn
) -> None:
    second = signed_in(await lane.make.member(lane.place, *SECRETARY))
    for verb in ("grantRole", "revokeRole"):
        assert (await lane.secretary.do(verb, **who(second))).refusals == ["FORBIDDEN"]
    assert await lane.actions() == []

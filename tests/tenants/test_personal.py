"""A person's data: exported completely, deleted on erasure, read only with a reason."""

import json
import subprocess
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from api.engine.identifiers import decode_id, encode_id
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tenants.membership.service.personal import mentions
from tests.api.test_signin import APPLICATION, Phone, code_of
from tests.conftest import SignIn
from tests.overheard import unspeakable
from tests.street import SECRETARY, STAFF, Make, key

# Ids in a community's tables that no foreign key ties to a row, and that name no member.
NOT_MEMBERS = {
    "id": "the row itself",
    "board_id": "a board",
    "part_id": "an exclusive part",
    "clause_id": "a clause of a pact, in all its versions",
    "owner_id": "an owner as the register numbers them",
    "post_id": "a post",
    "category_id": "a category",
    "petition_id": "a petition",
    "node_id": "a step of an origin, which is no member",
    "party_id": "a party to a consultation, whose member is named beside it",
    "person_id": "a person at the door, who is exported from there",
    "suspended_by": "a secretary: the record is about someone else",
    "acted_by": "whom an appeal is about, who is not to read it",
    "subject_id": "what an act was about: a member where the audit says so",
}


def test_every_column_that_names_a_member_is_exported() -> None:
    marked = {c for columns in mentions(DOMAINS).values() for c in columns}
    marked |= {c for table in DOMAINS.tables for c in table.c if c.info.get("officer")}
    links = [link for table in DOMAINS.tables for link in table.foreign_keys]
    others = {link.parent for link in links if not link.column.info.get("member")}
    assert {str(link.parent) for link in links if link.column.info.get("member")} <= {
        str(column) for column in marked
    }
    for table in DOMAINS.tables:
        if table.schema != "tenant":
            continue
        for column in table.c:
            if isinstance(column.type, sa.Uuid) and column not in marked | others:
                assert column.name in NOT_MEMBERS, f"{column} names a member: export it"


async def _neighbour(phone: Phone, make: Make, signed_in: SignIn) -> dict[str, str]:
    """Create a member who has told the community everything; return their secret values."""
    elm = await make.community()
    staff = signed_in(await make.member(elm, *STAFF))
    secrets = {
        "realName": f"欧阳{uuid4().hex[:8]}", "phone": f"137{uuid4().int % 10**8:08}",
        "idNumber": "11010519491231002X", "room": f"R{uuid4().hex[:8]}",
        "who": uuid4().hex, "displayName": f"front {uuid4().hex[:8]}",
    }  # fmt: skip
    for name in ("realName", "phone", "idNumber", "displayName"):
        unspeakable(secrets[name])
    await phone.scan(secrets["who"])
    await phone.join(await code_of(make, elm))
    given = {**APPLICATION, **{k: v for k, v in secrets.items() if k != "who"}}
    applied = await phone.do("applyForMembership", "member { id }", **given, idempotencyKey=key())
    member = applied.payload["member"]["id"]
    await phone.do("verifyPhone", code=f"tel-{secrets['phone']}-{uuid4().hex}")
    await phone.do("submitForReview")
    await staff.do("approveMember", memberId=member)
    await phone.refresh()
    post = await phone.do(
        "createPost", "post { id }", boardId=elm.board(), title="晾衣绳", body="谁家的？",
        idempotencyKey=key(),
    )  # fmt: skip
    await phone.do("react", subjectId=post.payload["post"]["id"], kind="LIKE")
    revealed = await staff.do("revealContact", "contact { realName phone idNumber }",
                              memberId=member, reason=f"找{secrets['realName']}收快递")  # fmt: skip
    assert revealed.payload["contact"] == {
        "realName": secrets["realName"], "phone": f"+86{secrets['phone']}",
        "idNumber": secrets["idNumber"],
    }  # fmt: skip
    return {
        **secrets, "member": member, "post": post.payload["post"]["id"], "org": elm.public_id,
    }  # fmt: skip


def libpq(cluster: Cluster) -> str:
    """Return the database's address for libpq."""
    address = sa.make_url(cluster.url())
    query: dict[str, Any] = dict(address.query)
    return make_conninfo(user=address.username, dbname=address.database, **query)


def dump(cluster: Cluster) -> str:
    """Return everything in the database, as pg_dump writes it."""
    done = subprocess.run(
        [cluster.binaries / "pg_dump", "--data-only", "--inserts", libpq(cluster)],
        check=True,
        capture_output=True,
    )
    return done.stdout.decode()


async def test_an_export_holds_all_and_an_erasure_leaves_nothing(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn, cluster: Cluster
) -> None:
    phone = Phone(client)
    secret = await _neighbour(phone, make, signed_in)

    answer = await phone.do("exportMyData", "data", confirm=True)
    held = json.loads(answer.payload["data"])
    assert held["community"]["contact"] == {
        "real_name": secret["realName"], "phone": f"+86{secret['phone']}",
        "id_number": secret["idNumber"],
    }  # fmt: skip
    assert held["community"]["address"]["room"] == secret["room"]
    for table in ("member", "member_record", "consent", "post", "reaction", "audit_entry"):
        assert held["community"][table], table
    assert "contact.revealed" in json.dumps(held["community"]["audit_entry"])
    assert [login["provider"] for login in held["signIn"]["logins"]] == ["WECHAT"]
    assert set(held["community"]) >= {str(table.name) for table in mentions(DOMAINS)}
    assert secret["displayName"] in dump(cluster), "the search finds what is there"

    assert (await phone.do("eraseMe", confirm=False)).refusals == ["REQUIRED"]
    assert (await phone.do("eraseMe", "done", confirm=True)).payload["done"] is True

    left = dump(cluster)
    for name in ("realName", "phone", "idNumber", "displayName", "who"):
        assert secret[name] not in left, name
    assert (await phone.signed_in().run("{ viewer { id } }")).status == 401
    assert (await phone.refresh()).status_code == 400
    again = await phone.scan(secret["who"])
    assert again.json()["places"] == [], "whoever signs in now is somebody new"


async def test_an_appeal_to_the_street_is_exported_and_erased(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn, cluster: Cluster
) -> None:
    phone = Phone(client)
    secret = await _neighbour(phone, make, signed_in)
    place = await make.place_of(secret["org"])
    secretary = signed_in(await make.member(place, *SECRETARY))
    admin = signed_in(await make.officer(place.street_id))
    written = {name: uuid4().hex for name in ("reason", "words", "answer", "open")}

    async def suspend() -> None:
        given = {"memberId": secret["member"], "reason": written["reason"]}
        assert (await secretary.do("suspendMember", **given)).refusals == []
        await phone.refresh()

    async def appeal(words: str) -> str:
        given = {"body": f"{secret['realName']} {words}", "idempotencyKey": key()}
        done = await phone.do("appealSuspension", "appeal { id }", **given)
        return done.payload["appeal"]["id"]

    await suspend()
    decided = {"appealId": await appeal(written["words"]), "decision": "LIFT"}
    await admin.do("decideStreetAppeal", **decided, reason=written["answer"])
    await phone.refresh()
    await suspend()
    await appeal(written["open"])

    answer = await phone.do("exportMyData", "data", confirm=True)
    held = json.loads(answer.payload["data"])["community"]["street_appeal"]
    assert [each["state"] for each in held] == ["LIFTED", "OPEN"]
    assert all(text in json.dumps(held) for text in written.values())
    told = await secretary.do("exportMyData", "data", confirm=True)
    assert written["words"] not in told.payload["data"], "not to those it is about"
    assert all(text in dump(cluster) for text in written.values())

    assert (await phone.do("eraseMe", confirm=True)).refusals == []

    left = dump(cluster)
    for name, text in {**written, **secret}.items():
        if name not in {"member", "post", "org", "room"}:
            assert text not in left, name
    states = "select state from tenant.street_appeal order by id"
    assert [row[0] for row in await make.rows(place, states)] == ["LIFTED", "MOOT"]


async def test_what_the_erased_wrote_stays_unsigned(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn
) -> None:
    phone = Phone(client)
    secret = await _neighbour(phone, make, signed_in)
    place = await make.place_of(secret["org"])
    members = await make.value(place, "select members from tenant.community_count")
    await phone.do("eraseMe", confirm=True)
    reader = signed_in(await make.member(place))
    found = await reader.run(
        "query ($id: ID!) { post(id: $id) { body author { id } reactions { kind count } } }",
        id=secret["post"],
    )
    assert found.data["post"]["author"] is None
    assert found.data["post"]["body"] == "谁家的？"
    assert {"kind": "LIKE", "count": 1} in found.data["post"]["reactions"]
    # the reader joined, the erased member left
    assert await make.value(place, "select members from tenant.community_count") == members


async def test_contacts_are_sealed_and_masked(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn, cluster: Cluster
) -> None:
    phone = Phone(client)
    secret = await _neighbour(phone, make, signed_in)
    stored = dump(cluster)
    for name in ("phone", "idNumber"):
        assert secret[name] not in stored, f"{name} is sealed"


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
async def test_no_contact_is_shown_without_a_reason(
    make: Make, signed_in: SignIn, reason: str
) -> None:
    elm = await make.community()
    person = await make.applicant(elm, "ACTIVE")
    staff = signed_in(await make.member(elm, *STAFF))
    answer = await staff.do(
        "revealContact", "contact { phone }", memberId=person.public_id, reason=reason
    )
    assert answer.payload["contact"] is None
    assert answer.refusals in (["REQUIRED"], ["TOO_LONG"])
    assert await make.trace(elm) == []


async def test_a_neighbour_sees_no_record_and_the_staff_a_masked_one(
    make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    person = await make.applicant(elm, "ACTIVE")
    query = "query ($id: ID!) { node(id: $id) { ... on Member { record { realName } } } }"
    for asker, seen in (
        (await make.member(elm), None),
        (person, {"realName": "王**"}),
        (await make.member(elm, *STAFF), {"realName": "王**"}),
        (await make.member(elm, *SECRETARY), {"realName": "王**"}),
    ):
        found = await signed_in(asker).run(query, id=person.public_id)
        assert found.data["node"]["record"] == seen


async def test_what_was_said_of_someones_words_goes_with_them(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn, cluster: Cluster
) -> None:
    phone = Phone(client)
    secret = await _neighbour(phone, make, signed_in)
    place = await make.place_of(secret["org"])
    neighbour = signed_in(await make.member(place))
    staff, secretary = [signed_in(await make.member(place, *r)) for r in (STAFF, SECRETARY)]
    named = f"{secret['realName']} {secret['phone']}"
    post = secret["post"]
    for asker, verb, given in (
        (neighbour, "reportContent", {"reasonCode": "PRIVACY", "note": f"他是{named}"}),
        (staff, "hideContent", {"reasonCode": "PRIVACY", "reason": f"有人说是{named}"}),
    ):
        assert (await asker.do(verb, subjectId=post, **given)).refusals == []
    assert (
        await phone.do("appealModeration", subjectId=post, body=f"我不是{named}")
    ).refusals == []
    case = await make.value(place, "select id from tenant.moderation_case")
    decided = await secretary.do(
        "decideAppeal", caseId=encode_id(case, "mod_"), decision="UPHOLD", reason=f"是{named}"
    )
    assert decided.refusals == []
    assert dump(cluster).count(secret["realName"]) >= 5
    assert (await phone.do("eraseMe", confirm=True)).refusals == []
    left = dump(cluster)
    assert secret["realName"] not in left
    assert secret["phone"] not in left
    states = "select state from tenant.moderation_case"
    assert await make.value(place, states) == "UPHELD", "how it ended stays"


async def test_withdrawing_the_identity_consent_erases_and_ends(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn, cluster: Cluster
) -> None:
    phone = Phone(client)
    secret = await _neighbour(phone, make, signed_in)
    assert (await phone.do("withdrawConsent", purpose="IDENTITY")).refusals == []
    assert (await phone.signed_in().run("{ viewer { id } }")).status == 401
    assert (await phone.refresh()).json()["places"][0]["state"] == "MOVED_OUT"
    left = dump(cluster)
    for name in ("realName", "phone", "idNumber", "displayName"):
        assert secret[name] not in left, name
    with psycopg.connect(libpq(cluster)) as owner:
        row = owner.execute(
            "select real_name, phone, phone_index, id_number, household_id, real_name_masked "
            "from tenant.member_record r join tenant.member m using (community_id, id) "
            "where m.id = %s",
            [decode_id(secret["member"], "mem_")],
        ).fetchone()
    assert row == (None,) * 6

"""A petition from its first day to its last, told as stories."""

from typing import Any

from api.engine.identifiers import encode_id
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Make, Place, SignedIn, key


async def category_of(asker: SignedIn, name: str = "其他") -> str:
    """Return the id of a category."""
    answer = await asker.run("{ community { petitionCategories { id name } } }")
    listed = answer.data["community"]["petitionCategories"]
    return next(each["id"] for each in listed if each["name"] == name)


async def submitted(asker: SignedIn, **given: Any) -> str:
    """Send a petition; return its id."""
    letter = {"kind": "HELP", "title": "三号楼漏水", "body": "楼顶漏水。", "idempotencyKey": key()}
    letter["categoryId"] = await category_of(asker)
    answer = await asker.do("submitPetition", "petition { id state }", **{**letter, **given})
    assert answer.refusals == [], answer.body
    return answer.payload["petition"]["id"]


SEEN = """query ($id: ID!) { petition(id: $id) { state level isOpen version
  clocks { acknowledgeDueAt resolveDueAt isPaused } answer { body outcome }
  events { nodes { action actorKind isPublic body state } } } }"""


async def actions(asker: SignedIn, petition: str) -> list[str]:
    """Return the actions in the timeline that the asker sees."""
    seen = (await asker.run(SEEN, id=petition)).data["petition"]
    return [event["action"] for event in seen["events"]["nodes"]]


async def test_a_letter_is_sent_accepted_assigned_answered_and_rated(
    make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    wang, li = signed_in(await make.member(elm)), signed_in(await make.member(elm, *STAFF))
    petition = await submitted(wang)
    for verb, given in (
        ("acceptPetition", {}),
        ("assignPetition", {}),
        ("startPetition", {}),
        ("addPetitionNote", {"body": "内部记录", "idempotencyKey": key()}),
        ("answerPetition", {"body": "已修好。", "outcome": "SOLVED"}),
    ):
        done = await li.do(verb, "petition { state }", petitionId=petition, **given)
        assert done.refusals == [], (verb, done.body)
    done = await wang.do(
        "recordCallback", "petition { state callbacks { solved satisfaction } }",
        petitionId=petition, solved="YES", satisfaction=5, note="谢谢",
    )  # fmt: skip
    assert done.payload["petition"] == {
        "state": "CLOSED", "callbacks": [{"solved": "YES", "satisfaction": 5}],
    }  # fmt: skip
    assert await actions(wang, petition) == [
        "SUBMITTED", "ACCEPTED", "ASSIGNED", "STARTED", "ANSWERED", "RATED",
    ]  # fmt: skip
    assert "NOTED" in await actions(li, petition)


async def test_a_street_and_a_department_deal_with_what_came_up(
    make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    wang, li = signed_in(await make.member(elm)), signed_in(await make.member(elm, *STAFF))
    officer = signed_in(await make.officer(elm.street_id))
    housing = await make.department(elm.street_id)
    handler = signed_in(await make.officer(department=housing))
    petition = await submitted(wang)
    assert (await officer.run(SEEN, id=petition)).data["petition"] is None
    assert (await li.do("escalatePetition", petitionId=petition, reason="管不了")).refusals == []
    assert (await officer.run(SEEN, id=petition)).data["petition"]["state"] == "ESCALATED"
    for who, verb, given in (
        (officer, "acceptPetition", {}),
        (officer, "assignPetition", {"departmentId": housing.public_id}),
        (handler, "disputeAssignment", {"reason": "不归我们"}),
        (officer, "assignPetition", {"departmentId": housing.public_id, "note": "就是你们"}),
        (handler, "startPetition", {}),
        (handler, "answerPetition", {"body": "已派人。", "outcome": "PLANNED", "plannedFor": "2099-01-01T00:00:00Z"}),
    ):  # fmt: skip
        done = await who.do(
            verb, "petition { state level department { id } }", petitionId=petition, **given
        )
        assert done.refusals == [], (verb, done.body)
        assert done.payload["petition"] is not None
    again = await handler.do("disputeAssignment", petitionId=petition, reason="再说")
    assert again.refusals == ["WRONG_STATE"]
    assert (await actions(wang, petition))[1:] == [
        "ESCALATED", "ACCEPTED", "ASSIGNED", "DISPUTED", "ASSIGNED", "STARTED", "ANSWERED",
    ]  # fmt: skip
    queue = await handler.run("{ district { inbox(isOpen: false) { nodes { id } } } }")
    assert queue.data["district"]["inbox"]["nodes"] == [{"id": petition}]


async def test_lists_search_feed_and_support(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    wang, liu = signed_in(await make.member(elm)), signed_in(await make.member(elm))
    li = signed_in(await make.member(elm, *SECRETARY))
    public = await submitted(wang, secrecy="PUBLIC")
    private = await submitted(wang)
    answer = await liu.run("""{ community { petitions { nodes { id support { count } } } }
        searchPetitions(query: "漏水") { nodes { id } }
        petitionEvents { nodes { action petition { id } } pageInfo { endCursor } }
        }""")
    data = answer.data
    assert data["community"]["petitions"]["nodes"] == [{"id": public, "support": {"count": 1}}]
    assert data["searchPetitions"]["nodes"] == [{"id": public}]
    assert [e["petition"]["id"] for e in data["petitionEvents"]["nodes"]] == [public]
    assert (await liu.do("supportPetition", petitionId=public)).refusals == []
    assert (await liu.do("supportPetition", petitionId=public)).refusals == ["ALREADY_DONE"]
    assert (await liu.do("supportPetition", petitionId=private)).refusals == ["NOT_FOUND"]
    inbox = await li.run(
        "{ inbox(assigned: NOBODY) { nodes { id viewerCan { acceptPetition { allowed } } } } }"
    )
    assert [each["id"] for each in inbox.data["inbox"]["nodes"]] == [public, private]


def place_of(place: Place) -> str:
    """Return its public id."""
    return encode_id(place.id, "com_")

"""The audit says who acted and about what: by office and desk, by name to few, and of no reporter."""

from typing import Any

from tests.conftest import SignIn
from tests.street import Make, SignedIn, pst
from tests.tenants.conftest import Lane

LOG = """{ auditLog(first: 50) { nodes {
  action subjectId actorKind actorRole actor { id } actorStreet { name } actorDepartment { id } } } }"""
OWN = """{ viewer { member { record { history(first: 50) { nodes {
  action actorRole actor { id } } } } } } }"""


async def log(who: SignedIn) -> dict[str, dict[str, Any]]:
    """Return the audit as somebody reads it, by action."""
    nodes = (await who.run(LOG)).data["auditLog"]["nodes"]
    return {node["action"]: node for node in nodes}


async def test_acts_of_an_office_are_told_by_name_and_a_reporter_by_none(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    post = await make.post(lane.author.person)
    watcher = signed_in(await make.member(lane.place, "RESIDENT", "SUPERVISOR"))
    # who reports is a resident, whatever office they hold besides
    reported = await watcher.do("reportContent", subjectId=pst(post), reasonCode="SPAM")
    assert reported.refusals == []
    hidden = await lane.staff.do(
        "hideContent", subjectId=pst(post), reasonCode="SPAM", reason="广告"
    )
    assert hidden.refusals == []

    told = await log(lane.secretary)
    report, hiding = told["CONTENT_REPORTED"], told["CONTENT_HIDDEN"]
    assert report == {
        "action": "CONTENT_REPORTED", "subjectId": pst(post), "actorKind": "MEMBER",
        "actorRole": "RESIDENT", "actor": None, "actorStreet": None, "actorDepartment": None,
    }  # fmt: skip
    assert (hiding["actorRole"], hiding["subjectId"]) == ("COMMITTEE_MEMBER", pst(post))
    assert hiding["actor"] == {"id": lane.staff.person.public_id}
    whole = str((await lane.secretary.run(LOG)).data)
    assert watcher.person.public_id not in whole
    # the reporter finds their own entry; nobody's else
    own = (await watcher.run(LOG)).data["auditLog"]["nodes"]
    mine = [node["actor"] for node in own if node["action"] == "CONTENT_REPORTED"]
    assert mine == [{"id": watcher.person.public_id}]

    found = await lane.secretary.run(
        "query ($id: ID!) { node(id: $id) { __typename id } }", id=hiding["subjectId"]
    )
    assert found.data["node"] == {"__typename": "Post", "id": pst(post)}


async def test_a_resident_reads_the_office_that_acted_on_them_and_no_name(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    author = signed_in(await make.applicant(lane.place, "ACTIVE"))
    member = author.person.public_id
    shown = await lane.staff.do("revealContact", memberId=member, reason="收快递")
    assert shown.refusals == []
    record = (await author.run(OWN)).data["viewer"]["member"]["record"]
    (entry,) = [each for each in record["history"]["nodes"] if each["action"] == "CONTACT_REVEALED"]
    assert entry == {"action": "CONTACT_REVEALED", "actorRole": "COMMITTEE_MEMBER", "actor": None}


async def test_an_officer_is_told_by_desk(lane: Lane, make: Make, signed_in: SignIn) -> None:
    admin = signed_in(await make.officer(lane.place.street_id))
    proposed = await admin.do(
        "proposeAppointment", communityId=lane.place.public_id, action="APPOINT", reason="选举",
        memberId=lane.author.person.public_id, endsAt="2029-01-01T00:00:00Z",
    )  # fmt: skip
    assert proposed.refusals == []
    entry = (await log(lane.secretary))["APPOINTMENT_PROPOSED"]
    assert (entry["actorKind"], entry["actorRole"]) == ("OFFICER", "DISTRICT_ADMIN")
    assert entry["actorStreet"]["name"]
    assert (entry["actor"], entry["actorDepartment"]) == (None, None)
    assert entry["subjectId"] == lane.author.person.public_id

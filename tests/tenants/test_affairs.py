"""Open affairs through HTTP: what is owed and by when, posting, questions, complaints."""

from collections.abc import AsyncGenerator

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.affairs_hall import NOON, Hall
from tests.clockwork import House, at, house
from tests.street import key


@pytest.fixture(scope="module")
async def opened(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("affairs")
    async with house(settings, cluster, folder, "affairs", 20) as made:
        yield made


@pytest.fixture
async def hall(opened: House) -> Hall:
    """A residential community for one test."""
    return await Hall(opened).settle()


async def test_an_item_is_entered_by_one_confirmed_by_another_and_stays_fifteen_days(
    hall: Hall,
) -> None:
    affair = await hall.drafted()
    assert await hall.sees(hall.resident, affair) is None, "a draft is for the staff"
    assert (await hall.sees(hall.supervisor, affair))["state"] == "DRAFT"
    assert "FORBIDDEN" in await hall.refused(hall.staff, "confirmAffair", affairId=affair)

    await hall.does(hall.secretary, "confirmAffair", affairId=affair)

    assert (await hall.sees(hall.resident, affair))["state"] == "POSTED"
    early = await hall.refused(hall.staff, "withdrawAffair", affairId=affair, reason="过时")
    assert early.startswith("WRONG_STATE 公布不得少于 15 日（城市居民委员会组织法第34条")
    await hall.at(at("2026-12-23", "00:00"))
    await hall.does(hall.staff, "withdrawAffair", affairId=affair, reason="过时")
    assert (await hall.sees(hall.resident, affair))["state"] == "WITHDRAWN"
    acts = sorted(act for act in await hall.acts() if act.startswith("affair."))
    assert acts == ["affair.drafted", "affair.posted", "affair.withdrawn"]


async def test_what_is_no_statutory_item_is_refused(hall: Hall) -> None:
    given = {"title": "题", "body": "文", "idempotencyKey": key()}
    for code in ("FINANCE", "FULL_MEETING", "NOTHING"):
        refused = await hall.refused(hall.staff, "draftAffair", **{**given, "code": code})
        assert refused.startswith("INVALID 不是本类社区的公开事项"), code
    assert "FORBIDDEN" in await hall.refused(
        hall.resident, "draftAffair", **given, code="DECISIONS"
    )
    (owed,) = await _meetings_owed(hall, "FULL_MEETING")
    refused = await hall.refused(
        hall.staff, "draftAffair", **given, code="DECISIONS", obligationId=owed
    )
    assert refused.startswith("INVALID 所填义务属于另一事项")


async def _meetings_owed(hall: Hall, code: str) -> list[str]:
    await hall.at(NOON)
    return [row["id"] for row in await hall.owed(code=code)]


async def test_an_objection_of_the_supervision_committee_holds_a_draft_back(hall: Hall) -> None:
    affair = await hall.drafted()
    refused = await hall.refused(
        hall.resident, "objectToAffair", affairId=affair, body="不实", idempotencyKey=key()
    )
    assert "FORBIDDEN" in refused
    objection = await hall.asks(affair, "objectToAffair", hall.supervisor)
    held = await hall.refused(hall.colleague, "confirmAffair", affairId=affair)
    assert held.startswith("WRONG_STATE 监督委员的异议尚未答复")

    await hall.does(
        hall.staff, "answerAffairQuestion", questionId=objection, answer="已附发票，请核对。"
    )
    await hall.does(hall.colleague, "confirmAffair", affairId=affair)

    (told,) = (await hall.sees(hall.resident, affair))["questions"]["nodes"]
    assert (told["kind"], told["answer"]) == ("OBJECTION", "已附发票，请核对。")


async def test_a_question_is_answered_within_fifteen_days_or_overdue_once(hall: Hall) -> None:
    affair = await hall.posted()
    question = await hall.asks(affair)
    await hall.at(at("2026-12-22", "23:59"))
    assert (await hall.sees(hall.neighbour, affair))["questions"]["nodes"][0]["state"] == "OPEN"
    for _ in "12":
        await hall.at(at("2026-12-23", "00:00"))
    assert (await hall.acts()).count("affair_question.overdue") == 1
    assert (await hall.sees(hall.neighbour, affair))["questions"]["nodes"][0]["state"] == "OVERDUE"

    await hall.does(hall.staff, "answerAffairQuestion", questionId=question, answer="三万元。")

    (told,) = (await hall.sees(hall.neighbour, affair))["questions"]["nodes"]
    assert (told["state"], told["answer"]) == ("ANSWERED", "三万元。")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("RESIDENTIAL", {
            "APPRAISAL": ("2026-01-01", "2026-12-31T16:00:00+00:00"),
            "FULL_MEETING": ("2026-01-01", "2026-12-31T16:00:00+00:00"),
            "REPRESENTATIVES_MEETING": ("2026-07-01", "2026-12-31T16:00:00+00:00"),
        }),
        ("VILLAGE", {
            "APPRAISAL": ("2026-01-01", "2026-12-31T16:00:00+00:00"),
            "ASSISTANCE": ("2026-10-01", "2026-12-31T16:00:00+00:00"),
            "CONSULTATIONS": ("2026-10-01", "2026-12-31T16:00:00+00:00"),
            "DECISIONS": ("2026-10-01", "2026-12-31T16:00:00+00:00"),
            "FINANCE": ("2026-12-01", "2026-12-31T16:00:00+00:00"),
            "FULL_MEETING": ("2026-01-01", "2026-12-31T16:00:00+00:00"),
            "FUNDS": ("2026-10-01", "2026-12-31T16:00:00+00:00"),
            "OTHER": ("2026-10-01", "2026-12-31T16:00:00+00:00"),
            "REPRESENTATIVES_MEETING": ("2026-10-01", "2026-12-31T16:00:00+00:00"),
        }),
    ],
)  # fmt: skip
async def test_the_calendar_writes_down_each_period_once(
    opened: House, kind: str, expected: dict[str, tuple[str, str]]
) -> None:
    hall = await Hall(opened).settle(kind)
    for _ in "12":
        await hall.at(NOON)
    found = [(row["code"], (row["startsOn"], row["dueAt"])) for row in await hall.owed()]
    assert sorted(found) == sorted(expected.items())

    # a stop of three months: what began meanwhile is written down, and what was due is late, once
    for _ in "12":
        await hall.at(at("2027-03-10"))
    finance = await hall.owed(code="FINANCE")
    if kind == "VILLAGE":
        assert [(row["startsOn"], row["state"]) for row in finance] == [
            ("2026-12-01", "OVERDUE"), ("2027-01-01", "OVERDUE"), ("2027-02-01", "OVERDUE"),
            ("2027-03-01", "DUE"),
        ]  # fmt: skip
    assert (await hall.acts()).count("obligation.overdue") == len(await hall.owed(state="OVERDUE"))


async def test_what_is_owed_is_met_by_posting_it_and_counted(opened: House) -> None:
    hall = await Hall(opened).settle("VILLAGE")
    await hall.at(NOON)
    (finance,) = await hall.owed(code="FINANCE")
    assert "INVALID" in await hall.refused(
        hall.staff, "recordObligation", obligationId=finance["id"], note="贴在村口"
    )

    affair = await hall.posted(code="FINANCE", obligationId=finance["id"])

    assert (await hall.sees(hall.resident, affair))["obligation"]["state"] == "MET"
    await hall.at(at("2027-01-02"))
    query = "{ community { openness { due inTime } } }"
    told = (await hall.resident.run(query)).data["community"]["openness"]
    assert told == {"due": 6, "inTime": 1}
    above = "{ district { communities(first: 50) { nodes { id openness { due inTime } } } } }"
    seen = (await hall.street.run(above)).data["district"]["communities"]["nodes"]
    assert {"id": hall.place.public_id, "openness": told} in seen


async def test_a_meeting_outside_is_recorded(hall: Hall) -> None:
    await hall.at(NOON)
    (meeting,) = await hall.owed(code="FULL_MEETING")
    given = {"obligationId": meeting["id"], "note": "11月20日在礼堂召开，到会 412 人。"}
    assert "FORBIDDEN" in await hall.refused(hall.resident, "recordObligation", **given)
    await hall.does(hall.staff, "recordObligation", **given)
    (meeting,) = await hall.owed(code="FULL_MEETING")
    assert (meeting["state"], meeting["note"]) == ("MET", given["note"])
    assert "WRONG_STATE" in await hall.refused(hall.staff, "recordObligation", **given)


async def test_the_street_investigates_a_complaint_and_has_the_item_posted(hall: Hall) -> None:
    affair = await hall.posted()
    complaint = await hall.complains(affair)
    again = {"aboutId": affair, "body": "还是不对", "idempotencyKey": key()}
    assert "ALREADY_DONE" in await hall.refused(hall.resident, "complainAboutAffair", **again)
    read = "query ($id: ID!) { node(id: $id) { ... on AffairComplaint { title state body } } }"
    for who in (hall.staff, hall.secretary, hall.supervisor, hall.neighbour):
        assert (await who.run(read, id=complaint)).data["node"] is None
    assert (await hall.street.run(read, id=complaint)).data["node"]["title"] == "道路整修"
    assert (await hall.street.run(f'{{ node(id: "{affair}") {{ id }} }}')).data["node"] is None
    refused = await hall.refused(
        hall.staff, "decideAffairComplaint", complaintId=complaint, decision="DISMISS", reason="无"
    )
    assert "FORBIDDEN" in refused

    await hall.does(
        hall.street, "decideAffairComplaint", complaintId=complaint, decision="UPHOLD",
        reason="经核对发票，少列一笔。",
    )  # fmt: skip

    told = (await hall.resident.run(read, id=complaint)).data["node"]
    assert told["state"] == "UPHELD"
    (owed,) = await hall.owed(about="OPEN_AFFAIRS")
    assert (owed["code"], owed["dueAt"]) == ("DECISIONS", "2026-12-14T16:00:00+00:00")


async def test_what_is_late_may_be_complained_of_and_nothing_else(opened: House) -> None:
    hall = await Hall(opened).settle("VILLAGE")
    await hall.at(NOON)
    (finance,) = await hall.owed(code="FINANCE")
    (meeting,) = await hall.owed(code="FULL_MEETING")
    given = {"body": "没有公布", "idempotencyKey": key()}
    for about, code in ((finance, "WRONG_STATE 没有逾期"), (meeting, "INVALID 不是公开事项")):
        refused = await hall.refused(
            hall.resident, "complainAboutAffair", **given, aboutId=about["id"]
        )
        assert refused.startswith(code)
    await hall.at(at("2027-01-01", "00:00"))
    complaint = await hall.complains(finance["id"])
    for _ in "12":
        await hall.at(at("2027-01-17", "00:00"))
    assert (await hall.acts()).count("affair_complaint.overdue") == 1
    await hall.does(
        hall.street, "decideAffairComplaint", complaintId=complaint, decision="DISMISS",
        reason="已在公开栏张贴。",
    )  # fmt: skip
    assert await hall.owed(code="FINANCE", state="DUE") != []


async def test_what_waits_for_whom(hall: Hall) -> None:
    query = """{ viewer { pending { affairsToConfirm { nodes { id } }
      affairQuestionsToAnswer { nodes { id } } obligationsToMeet { totalCount } } } }"""
    await hall.at(NOON)
    posted, draft = await hall.posted(), await hall.drafted()
    question, complaint = await hall.asks(posted), await hall.complains(posted)
    nothing = {
        "affairsToConfirm": {"nodes": []}, "affairQuestionsToAnswer": {"nodes": []},
        "obligationsToMeet": {"totalCount": 0},
    }  # fmt: skip
    of_staff = {
        **nothing, "affairQuestionsToAnswer": {"nodes": [{"id": question}]},
        "obligationsToMeet": {"totalCount": 3},
    }  # fmt: skip
    for who, expected in (
        (hall.resident, nothing),
        (hall.staff, of_staff),
        (hall.colleague, {**of_staff, "affairsToConfirm": {"nodes": [{"id": draft}]}}),
    ):
        assert (await who.run(query)).data["viewer"]["pending"] == expected
    above = "{ district { affairComplaints(state: OPEN, first: 50) { nodes { id } } } }"
    seen = (await hall.street.run(above)).data["district"]["affairComplaints"]["nodes"]
    assert {"id": complaint} in seen

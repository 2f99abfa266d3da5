"""Twenty or forty equal requests at one moment: a quota is exact, and a name is taken once."""

import asyncio
import io
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from PIL import Image

from api.engine.identifiers import encode_id
from tenants.domains import DOMAINS
from tenants.ids import new_id
from tenants.membership.service.consents import texts
from tenants.membership.tables import Purpose
from tenants.pacts.tables import pacts
from tests.conftest import SignIn
from tests.street import Make, Place, SignedIn, key, pst
from tests.tenants.conftest import Lane
from tests.tenants.test_petitions import category_of, submitted

Codes = list[str]
Try = Callable[[int], Awaitable[Codes]]
NEAR = 10  # how much of a quota is left when all begin


async def at_once(number: int, attempt: Try) -> Counter[str]:
    """Try this many times at one moment; count the results: `done`, or the code."""
    ended = await asyncio.gather(*(attempt(each) for each in range(number)))
    return Counter(codes[0] if codes else "done" for codes in ended)


def doing(asker: SignedIn, verb: str, **given: Any) -> Try:
    """Return an attempt that runs the verb; functions in `given` get the attempt's number."""

    async def attempt(number: int) -> Codes:
        named: dict[str, Any] = {
            name: value(number) if callable(value) else value for name, value in given.items()
        }
        answer = await asker.do(verb, **named)
        return answer.codes or answer.refusals

    return attempt


def once(_: int) -> str:
    """Return a new idempotency key for each attempt."""
    return key()


def numbered(number: int) -> str:
    """Return a different slug for each attempt."""
    return f"pets-{number}"


# --- quotas


async def petitions_open(lane: Lane, left: int, client: httpx.AsyncClient) -> Try:
    """Prepare the quota of an author's petitions; return the attempt."""
    assert client
    for _ in range(left):
        await lane.make.petition(lane.author.person)
    category = await category_of(lane.author)
    return doing(
        lane.author, "submitPetition", kind="HELP", title="题", body="文", categoryId=category,
        idempotencyKey=once,
    )  # fmt: skip


async def images_a_day(lane: Lane, left: int, client: httpx.AsyncClient) -> Try:
    """Prepare the quota of a member's images; return the attempt."""
    for _ in range(left):
        await lane.make.image(lane.author.person)
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "JPEG")
    few = asyncio.Semaphore(8)  # the server lets this many pictures wait

    async def attempt(_: int) -> Codes:
        async with few:
            answer = await client.post(
                "/uploads",
                files={"file": ("a.jpg", made.getvalue(), "image/jpeg")},
                headers={"authorization": f"Bearer {lane.author.token}"},
            )
        errors = answer.json().get("errors", [])
        return [error["extensions"]["code"] for error in errors]

    return attempt


async def boards(lane: Lane, left: int, client: httpx.AsyncClient) -> Try:
    """Prepare the quota of a community's boards; return the attempt."""
    assert client
    async with lane.make.inside(lane.place.key) as connection:
        await connection.execute(
            "insert into tenant.board select community_id, gen_random_uuid(), 'n' || i, title,"
            " kind, 5 + i, post_policy, moderation, null, created_at, 1"
            " from tenant.board, generate_series(1, $1) i where slug = 'hall'",
            left - len(lane.place.boards),
        )
    return doing(
        lane.secretary, "createBoard", slug=numbered, title="宠物", kind="FORUM",
        postPolicy="EVERYONE", moderation="POST", idempotencyKey=once,
    )  # fmt: skip


async def apps(lane: Lane, left: int, client: httpx.AsyncClient) -> Try:
    """Prepare the quota of a community's apps; return the attempt."""
    assert client
    for _ in range(left):
        await lane.make.app(lane.place)
    return doing(
        lane.secretary, "registerApp", communityId=lane.place.public_id, name="楼道屏",
        contact="dev@example.org", scopes=["BOARD_READ"], idempotencyKey=once,
    )  # fmt: skip


async def pinned(lane: Lane, left: int, client: httpx.AsyncClient) -> Try:
    """Prepare the quota of a board's pinned posts; return the attempt."""
    assert client
    for _ in range(left):
        await lane.make.post(lane.author.person, pinned=True)
    others = [pst(await lane.make.post(lane.author.person)) for _ in range(40)]
    return doing(lane.staff, "pinPost", postId=others.__getitem__)


async def polls_open(lane: Lane, left: int, client: httpx.AsyncClient) -> Try:
    """Prepare the quota of a member's polls; return the attempt."""
    assert client
    assert left == 0, "the quota is small"
    return doing(
        lane.author, "startPoll", boardId=lane.place.board(), question="几点？", method="PROPOSAL",
        closesAt=(datetime.now(UTC) + timedelta(days=1)).isoformat(), idempotencyKey=once,
    )  # fmt: skip


async def suggestions(lane: Lane, left: int, client: httpx.AsyncClient) -> Try:
    """Prepare the quota of a member's open suggestions; return the attempt."""
    assert client
    now, pact = datetime.now(UTC), new_id(datetime.now(UTC))
    await lane.make.row(
        lane.place, pacts, id=pact, district_id=310113, street_id=lane.place.street_id,
        kind="CHARTER", scope="", title="自治章程", lineage_id=pact, versions=0, state="SOLICITING",
        started_at=now, started_by=lane.author.person.id, version=1,
    )  # fmt: skip
    suggest = doing(
        lane.author, "suggestForPact", pactId=encode_id(pact, "pct_"), body="写明充电的地方",
        idempotencyKey=once,
    )  # fmt: skip
    for number in range(left):
        assert await suggest(number) == []
    return suggest


async def matters(lane: Lane, left: int, client: httpx.AsyncClient) -> Try:
    """Prepare the quota of a meeting's matters; return the attempt."""
    assert client
    now = datetime.now(UTC)
    rule = await lane.value("select kind from tenant.community")
    drafted = await lane.staff.do(
        "draftMeeting", "meeting { id }", title="会议", location="活动室",
        ruleCode="RM_PERSON" if rule == "RESIDENTIAL" else "VM_PERSON",
        opensAt=(now + timedelta(days=1)).isoformat(),
        heldAt=(now + timedelta(days=2)).isoformat(),
        closesAt=(now + timedelta(days=3)).isoformat(), idempotencyKey=once(0),
    )  # fmt: skip
    assert drafted.refusals == [], drafted.body
    attempt = doing(
        lane.staff, "addMatter", meetingId=drafted.payload["meeting"]["id"], question="通过？",
        matter="RESIDENTS_MATTER" if rule == "RESIDENTIAL" else "VILLAGERS_MATTER",
        idempotencyKey=once,
    )  # fmt: skip
    for number in range(left):
        assert await attempt(number) == []
    return attempt


async def topics_proposed(lane: Lane, left: int, client: httpx.AsyncClient) -> Try:
    """Prepare the quota of a member's topics that wait; return the attempt."""
    assert client
    assert left == 0, "the quota is small"
    return doing(
        lane.author, "proposeTopic", title="自行车", body="楼道里的自行车", idempotencyKey=once
    )


WAYS = {
    "topic.proposed": (topics_proposed, "select count(*) from tenant.topic"),
    "poll.open": (polls_open, "select count(*) from tenant.vote"),
    "pact_suggestion.open": (suggestions, "select count(*) from tenant.pact_suggestion"),
    "matter": (matters, "select count(*) from tenant.vote"),
    "post.pinned": (pinned, "select count(*) from tenant.post where pinned"),
    "petition.open": (petitions_open, "select count(*) from tenant.petition"),
    "image.day": (images_a_day, "select count(*) from tenant.image"),
    "board": (boards, "select count(*) from tenant.board"),
    "app": (apps, "select count(*) from tenant.app"),
}


@pytest.mark.parametrize("name", sorted(DOMAINS.quotas))
async def test_forty_at_once_reach_a_quota_and_none_passes_it(
    lane: Lane, client: httpx.AsyncClient, name: str
) -> None:
    quota = DOMAINS.quotas[name]
    fill, count = WAYS[name]
    near = min(NEAR, quota.most)
    attempt = await fill(lane, quota.most - near, client)

    ended = await at_once(40, attempt)

    refused = "RATE_LIMITED" if name == "image.day" else "QUOTA_EXCEEDED"
    assert ended == {"done": near, refused: 40 - near}
    assert await lane.value(count) == quota.most


async def test_who_signs_twenty_times_at_once_signs_once(lane: Lane) -> None:
    petition = await submitted(lane.author, secrecy="MEMBERS")
    counted = (
        "select support_count, (select count(*) from tenant.petition_support) from tenant.petition"
    )

    signed = await at_once(20, doing(lane.neighbour, "supportPetition", petitionId=petition))
    assert signed == {"done": 1, "ALREADY_DONE": 19}
    assert await lane.rows(counted) == [(2, 2)]

    back = await at_once(20, doing(lane.neighbour, "withdrawSupport", petitionId=petition))
    assert back == {"done": 1, "WRONG_STATE": 19}
    assert await lane.rows(counted) == [(1, 2)]


# --- a member's own row

OWN = {
    "updateDisplayName": ({"displayName": lambda number: f"王{number}"}, {"done": 20}),
    "giveConsent": (
        {"purpose": "IDENTITY", "textVersion": texts()[Purpose.IDENTITY].version},
        {"done": 20},
    ),
    "exportMyData": ({"confirm": True}, {"done": 20}),
    "withdrawConsent": ({"purpose": "IDENTITY"}, {"done": 1, "UNAUTHENTICATED": 19}),
    "leaveCommunity": ({"confirm": True}, {"done": 1, "UNAUTHENTICATED": 19}),
    "eraseMe": ({"confirm": True}, {"done": 1, "UNAUTHENTICATED": 19}),
}


@pytest.mark.parametrize("verb", sorted(OWN))
async def test_twenty_at_once_on_ones_own_row_wait_for_one_another(lane: Lane, verb: str) -> None:
    given, expected = OWN[verb]
    text = texts()[Purpose.IDENTITY].version
    await lane.author.do("giveConsent", purpose="IDENTITY", textVersion=text)

    assert await at_once(20, doing(lane.author, verb, **given)) == expected

    done = [action for action in await lane.actions() if action != "consent.given"]
    assert len(done) == (0 if verb == "giveConsent" else expected["done"])


@pytest.mark.parametrize("same", [True, False])
async def test_twenty_new_join_codes_at_once_leave_one_that_opens(lane: Lane, same: bool) -> None:
    given = key() if same else once
    reissue = doing(lane.secretary, "reissueJoinCode", reason="遗失", idempotencyKey=given)

    assert await at_once(20, reissue) == {"done": 20}

    codes = "select count(*), count(*) filter (where revoked_at is null) from tenant.join_code"
    assert await lane.rows(codes) == [(2 if same else 21, 1)]


# --- names

# Each unique constraint of the schema that is not on a row's own id: the verb that meets it, or why
# two changes at once cannot.
CHANCE = "chance, or hashed from it"
HELD = "made under the lock of the row that it belongs to"
MET = "inserted by a statement that a conflict does not fail"
RUN = "made by a command of whoever runs the server"
UNIQUE = {
    "tenant.board(community_id, slug)": "createBoard",
    "tenant.answer_template(community_id, desk, name)": "createAnswerTemplate",
    "reference.department(district_id, street_id, name)": "createDepartment",
    "reference.department(department_id)": "createDepartment",
    "reference.petition_category(district_id, topic, name)": "createPetitionCategory",
    "reference.rule_confirmation(district_id, rule_code, rule_from)": MET,
    "reference.community_key(code)": "createCommunity",
    "tenant.report(community_id, case_id, reporter_id)": "reportContent",
    "tenant.moderation_case(community_id, subject_id)": "reportContent by many",
    "tenant.household(community_id, address)": "applyForMembership",
    "tenant.petition(community_id, source, source_id)": "importPetitions",
    "tenant.reaction(community_id, subject_id, kind, member_id)": "react",
    "tenant.read_mark(community_id, post_id, member_id)": "markRead",
    "tenant.petition_support(community_id, petition_id, member_id)": "supportPetition, above",
    "tenant.idempotency_key(community_id, actor_id, key)": "createPost, in test_together.py",
    "district.idempotency_key(district_id, actor_id, key)": "createAnswerTemplate, in test_templates.py",
    "tenant.quota_lock(community_id, quota, holder_id)": "every quota, above",
    "tenant.vote_ballot(community_id, vote_id, voter_id)": "castBallot, in test_polls.py",
    "tenant.vote_envelope(community_id, vote_id, voter_id)": "castBallot, in test_secret_polls.py",
    "tenant.vote_envelope(community_id, vote_id, hash)": "castBallot, in test_secret_polls.py",
    "tenant.vote_scrutineer(community_id, vote_id, place)": HELD,
    "tenant.vote_scrutineer(community_id, vote_id, member_id)": HELD,
    "tenant.vote_scrutineer(community_id, vote_id, identity)": HELD,
    "tenant.vote_scrutineer(community_id, vote_id, seal_key)": HELD,
    "tenant.vote_statement(community_id, vote_id, number)": HELD,
    "tenant.vote_opening(community_id, vote_id, first, second)": HELD,
    "tenant.vote_list(community_id, vote_id, kind)": HELD,
    "tenant.vote_objection(community_id, meeting_id, kind, author_id, vote_id)": (
        "objectToRoll, in test_decisions.py"
    ),
    "tenant.vote_voter(community_id, roll_id, voter_id)": HELD,
    "tenant.obligation(community_id, code, begins_on)": MET,
    "tenant.notice(community_id, post_id)": "createPost, which makes the post",
    "tenant.appraised(community_id, appraisal_id, place)": "draftAppraisal, which makes the vote",
    "tenant.appraisal(community_id, vote_id)": "draftAppraisal, which makes the vote",
    "tenant.obligation(community_id, code, subject_id)": MET,
    "tenant.affair_complaint(community_id, member_id)": "complainAboutAffair, in test_affairs.py",
    "tenant.property_area(community_id, name)": "createPropertyArea, as createBoard",
    "tenant.owners_rules(community_id, area_id, effective_from)": MET,
    "tenant.owners_election(community_id, area_id, starts_on)": MET,
    "tenant.property_part(community_id, area_id, address)": HELD,
    "tenant.property_owner(community_id, area_id, number)": HELD,
    "tenant.part_owner(community_id, part_id, owner_id)": HELD,
    "tenant.owners_assembly(community_id, meeting_id)": HELD,
    "tenant.roll_part(community_id, roll_id, voter_id, part_id)": HELD,
    "tenant.roll_part(community_id, roll_id, part_id)": HELD,
    "tenant.roll_owner(community_id, roll_id, voter_id, owner_id)": HELD,
    "tenant.ballot_service(community_id, roll_id, voter_id)": MET,
    "tenant.vote_proxy(community_id, meeting_id, voter_id)": MET,
    "tenant.proxy_instruction(community_id, vote_id, voter_id)": HELD,
    "tenant.vote_paper(community_id, vote_id, voter_id)": MET,
    "tenant.meeting_attendance(community_id, meeting_id, voter_id)": MET,
    "tenant.pact(community_id, kind, scope)": "startPact, in test_pacts.py",
    "tenant.pact_draft_clause(community_id, pact_id, place)": HELD,
    "tenant.pact_draft_clause(community_id, pact_id, clause_id)": HELD,
    "tenant.pact_version(community_id, pact_id, number)": HELD,
    "tenant.pact_version(community_id, id, size)": HELD,
    "tenant.pact_version(community_id, pact_id, id, text_hash)": HELD,
    "tenant.pact_clause(community_id, version_id, place)": HELD,
    "tenant.pact_clause(community_id, version_id, clause_id)": HELD,
    "tenant.pact_change(community_id, to_id, from_id, place)": HELD,
    "tenant.pact_review_item(community_id, submission_id, item)": HELD,
    "tenant.pact_vote(community_id, vote_id)": "submitPactToVote, as createBoard",
    "tenant.pact_signature(community_id, version_id, household_id)": "signPact, in test_pacts.py",
    "tenant.consultation_party(community_id, consultation_id, party_id)": (
        "joinConsultation, as createBoard"
    ),
    "tenant.milestone(community_id, project_id, position)": HELD,
    "tenant.origin_step(community_id, subject_id, position)": HELD,
    "tenant.project_evaluation(community_id, project_id, member_id)": (
        "evaluateProject, as createBoard"
    ),
    "tenant.project_fund(community_id, project_id, position)": HELD,
    "tenant.resolution(community_id, topic_id)": HELD,
    "tenant.topic(community_id, petition_id)": HELD,
    "tenant.topic(community_id, vote_id)": "a topic that a vote decides, as createBoard",
    "tenant.topic_discussion(community_id, topic_id, kind)": "recordTopicDiscussion, as createBoard",
    "tenant.topic_evaluation(community_id, topic_id, member_id)": "evaluateTopic, as createBoard",
    "tenant.topic_support(community_id, topic_id, member_id)": HELD,
    "tenant.vote_option(community_id, vote_id, place)": HELD,
    "tenant.vote_certification(community_id, vote_id, seat)": HELD,
    "tenant.vote_certification(community_id, vote_id, certified_by)": HELD,
    "tenant.meeting(community_id, petition_id)": "draftMeeting, in test_owed_meetings.py",
    "tenant.household_claim(community_id, named_by)": MET,
    "tenant.household_ruling(community_id, household_id)": MET,
    "tenant.owed_meeting(community_id, petition_id)": HELD,
    "tenant.vote_tally(community_id, vote_id, unit)": HELD,
    "tenant.vote_result(community_id, vote_id)": HELD,
    "tenant.vote_comparison(community_id, vote_id, place)": HELD,
    "tenant.old_app_secret(community_id, app_id, hash)": CHANCE,
    "tenant.member(community_id, person_id)": MET,
    "district.invitation(district_id, invited_by, idempotency_key)": MET,
    "identity.attempt(what)": MET,
    "identity.affiliation(person_id, place, number)": MET,
    "identity.login(provider, subject_index)": MET,
    "tenant.population(community_id)": MET,
    "tenant.rate_snapshot(community_id, month, category_id)": MET,
    "tenant.community_rate(community_id, month, category_id)": MET,
    "tenant.duty_roster(community_id)": MET,
    "tenant.duty_gap(community_id, starts_at, ends_at)": HELD,
    "tenant.appointment(community_id, member_id)": HELD,
    "tenant.office_term(community_id, member_id, role)": HELD,
    "tenant.street_appeal(community_id, member_id)": HELD,
    "tenant.supervision_order(community_id, petition_id, issuing_desk)": HELD,
    "tenant.moderation_case(community_id, street_appeal_id)": HELD,
    "tenant.audit_entry(community_id, seq)": HELD,
    "district.audit_entry(district_id, seq)": HELD,
    "tenant.petition_term(community_id, term, petition_id)": HELD,
    "tenant.post_term(community_id, term, post_id)": HELD,
    "reference.audit_checkpoint(number)": HELD,
    "tenant.audit_head(community_id)": HELD,
    "district.audit_head(district_id)": MET,
    "tenant.community(community_id)": HELD,
    "tenant.community_count(community_id)": HELD,
    "reference.community_key(community_id)": CHANCE,
    "tenant.join_code(community_id, code)": CHANCE,
    "district.invitation(district_id, code_hash)": CHANCE,
    "identity.affiliation(subject_id)": CHANCE,
    "identity.refresh_token(token_hash)": CHANCE,
    "reference.department(id)": CHANCE,
    "reference.district(id)": CHANCE,
    "reference.street(id)": CHANCE,
    "reference.district(code)": RUN,
    "reference.district(district_id)": RUN,
    "reference.street(code)": RUN,
    "reference.street(street_id)": RUN,
    "reference.support_rule(community_kind, basis, effect, effective_from)": RUN,
    "reference.time_limit(urgency, effective_from)": RUN,
    "reference.trusted_document(client_id, id)": RUN,
    "identity.authenticator(person_id)": "enrolKey by four at once, in test_key_signin.py",
    "identity.ring_mark(kid)": RUN,
}
ROW_KEYS = (["id"], ["community_id", "id"], ["district_id", "id"])


def constraints() -> set[str]:
    """Return each unique constraint of the schema, by its columns."""
    found: set[str] = set()
    for table in DOMAINS.tables:
        keys = [each for each in table.constraints if isinstance(each, sa.UniqueConstraint)]
        unique = [*keys, table.primary_key, *(index for index in table.indexes if index.unique)]
        listed = [[column.name for column in each.columns] for each in unique]
        alone = len(table.primary_key.columns) == 1
        found |= {
            f"{table.fullname}({', '.join(names)})"
            for names in listed
            if names not in ROW_KEYS or (names == ["id"] and not alone)
        }
    return found


def test_every_unique_constraint_is_one_of_these() -> None:
    assert constraints() - UNIQUE.keys() == set()


async def names(lane: Lane, signed_in: SignIn, verb: str) -> tuple[Try, str]:
    """Return the attempts to take one name, and the query that counts its rows."""
    admin = signed_in(await lane.make.officer())
    category = {"topic": "测试", "name": f"分类{lane.place.key}", "urgency": "NORMAL"}
    post = await lane.make.post(lane.author.person)
    ways: dict[str, tuple[Try, str]] = {
        "createBoard": (
            doing(lane.secretary, verb, slug="pets", title="宠物", kind="FORUM",
                  postPolicy="EVERYONE", moderation="POST", idempotencyKey=once),
            "select count(*) from tenant.board where slug = 'pets'",
        ),
        "createAnswerTemplate": (
            doing(lane.staff, verb, name="收到", body="收到了。", idempotencyKey=once),
            "select count(*) from tenant.answer_template",
        ),
        "createDepartment": (
            doing(admin, verb, name=f"第{lane.place.key}办", duties="一应事务"),
            f"select count(*) from reference.department where name = '第{lane.place.key}办'",
        ),
        "createPetitionCategory": (
            doing(admin, verb, **category),
            f"select count(*) from reference.petition_category where name = '{category['name']}'",
        ),
        "reportContent": (
            doing(lane.neighbour, verb, subjectId=pst(post), reasonCode="SPAM"),
            "select count(*) from tenant.report",
        ),
    }  # fmt: skip
    return ways[verb]


@pytest.mark.parametrize(
    "verb",
    ["createBoard", "createAnswerTemplate", "createDepartment", "createPetitionCategory", "reportContent"],
)  # fmt: skip
async def test_twenty_who_want_one_name_at_once_are_one_and_nineteen(
    lane: Lane, signed_in: SignIn, verb: str
) -> None:
    attempt, count = await names(lane, signed_in, verb)
    assert await at_once(20, attempt) == {"done": 1, "ALREADY_DONE": 19}
    assert await lane.value(count) == 1


async def test_departments_that_take_one_name_at_once_are_one_and_the_rest(
    lane: Lane, signed_in: SignIn
) -> None:
    admin = signed_in(await lane.make.officer())
    made = [await lane.make.department() for _ in range(6)]
    name = f"合并{lane.place.key}科"

    async def attempt(number: int) -> Codes:
        answer = await admin.do(
            "updateDepartment", departmentId=made[number].public_id, expectedVersion=1, name=name,
            duties="一应事务",
        )  # fmt: skip
        return answer.codes or answer.refusals

    assert await at_once(6, attempt) == {"done": 1, "ALREADY_DONE": 5}
    named = f"select count(*) from reference.department where name = '{name}'"
    assert await lane.value(named) == 1


async def test_twenty_neighbours_report_one_post_at_once_in_one_case(
    make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    post = pst(await make.post(await make.member(elm)))
    neighbours = [signed_in(await make.member(elm)) for _ in range(20)]

    async def attempt(number: int) -> Codes:
        answer = await neighbours[number].do("reportContent", subjectId=post, reasonCode="SPAM")
        return answer.codes or answer.refusals

    assert await at_once(20, attempt) == {"done": 20}
    assert await make.value(elm, "select report_count from tenant.moderation_case") == 20


async def test_twenty_who_react_and_read_at_once_are_counted_once(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    react = doing(lane.neighbour, "react", subjectId=pst(post), kind="LIKE")
    assert await at_once(20, react) == {"done": 20}
    read = doing(lane.neighbour, "markRead", postIds=[pst(post)])
    assert await at_once(20, read) == {"done": 20}
    assert await lane.rows("select reaction_count from tenant.post") == [(1,)]
    assert await lane.value("select count(*) from tenant.read_mark") == 1


def letter(number: int, source_id: str | None = None) -> dict[str, Any]:
    """Return a letter of an archive."""
    return {
        "sourceId": source_id or str(number), "title": f"第{number}封", "body": "文",
        "submittedAt": (datetime.now(UTC) - timedelta(days=400)).isoformat(),
    }  # fmt: skip


async def _import(secretary: SignedIn, place: Place, make: Make, letters: list[Any]) -> Any:
    category = await make.value(
        place, "select id from reference.petition_category where district_id = 310113 limit 1"
    )
    return await secretary.do(
        "importPetitions", "importedIds knownIds",
        source="档案", categoryId=encode_id(category, "cat_"), secrecy="MEMBERS", petitions=letters,
    )  # fmt: skip


async def test_imports_at_once_bring_each_letter_once_and_keep_nobody_waiting(lane: Lane) -> None:
    # the same letters, in another order each time, while others write
    shuffled = [[letter((n * 7 + each) % 30) for n in range(30)] for each in range(10)]

    async def bring(number: int) -> Codes:
        answer = await _import(lane.secretary, lane.place, lane.make, shuffled[number])
        assert len(answer.payload["importedIds"]) + len(answer.payload["knownIds"]) == 30
        return answer.codes or answer.refusals

    write = doing(
        lane.author, "createPost", boardId=lane.place.board(), title="题", body="文",
        idempotencyKey=once,
    )  # fmt: skip
    brought, written = await asyncio.gather(at_once(10, bring), at_once(20, write))

    assert (brought, written) == ({"done": 10}, {"done": 20})
    counted = (
        "select count(*), count(distinct source_id), (select count(*) from tenant.petition_fact)"
    )
    assert await lane.rows(f"{counted} from tenant.petition") == [(30, 30, 30)]
    imported = "select count(*) from tenant.audit_entry where action = 'petition.imported'"
    assert await lane.value(imported) == 30


async def test_an_import_that_waits_holds_no_other_change(lane: Lane) -> None:
    await _import(lane.secretary, lane.place, lane.make, [letter(1)])
    async with lane.make.inside(lane.place.key) as connection:
        # another import has inserted this letter and has not committed
        await connection.execute(
            "insert into tenant.petition select (jsonb_populate_record(p, jsonb_build_object("
            " 'id', gen_random_uuid(), 'source_id', '2'))).* from tenant.petition p"
        )
        waiting = asyncio.create_task(
            _import(lane.secretary, lane.place, lane.make, [letter(0), letter(2)])
        )
        waits = "select count(*) from pg_locks where not granted"
        while not await connection.fetchval(waits):  # noqa: ASYNC110 # PostgreSQL does not notify of locks
            await asyncio.sleep(0.01)
        write = doing(
            lane.author, "createPost", boardId=lane.place.board(), title="题", body="文",
            idempotencyKey=once,
        )  # fmt: skip
        assert await at_once(5, write) == {"done": 5}
        assert not waiting.done()
    answer = await waiting
    assert (len(answer.payload["importedIds"]), len(answer.payload["knownIds"])) == (1, 1)

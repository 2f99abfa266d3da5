"""These are the mutations of votes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from api.engine.inputs import Keyed, field, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.vote_results import MARKS
from api.schema.votes import Vote
from tenants.boards.tables import boards
from tenants.viewer import Viewer
from tenants.votes import procedure
from tenants.votes.ballots import Method
from tenants.votes.meetings import voters
from tenants.votes.service import casting, polls
from tenants.votes.tables import DETAILS_LENGTH, QUESTION_LENGTH, VoteSecrecy, votes

_VOTE = {"vote": link(Vote, votes)}


@verb(
    procedure.START_POLL, _VOTE, polls.start,
    example=(
        'mutation { startPoll(input: { boardId: "brd_AZrY3kQkdI2QAQIDBAUGBw", question: "充电桩装在哪里？",\n'
        '  options: ["东门", "西门"], closesAt: "2026-12-31T20:00:00+08:00", idempotencyKey: "9b1c"\n'
        "}) { vote { id state } userErrors { code message } } }"
    ),
)  # fmt: skip
class StartPoll(Keyed):
    """在版块上发起意见征询，即刻或按时开始；开始时的成员都可投票。
    Start a poll on a board, now or at a time; whoever is a member at its opening may vote.
    """

    board_id: UUID = ref(boards)
    question: str = text("问题", "the question", QUESTION_LENGTH)
    details: str | None = text("说明", "details", DETAILS_LENGTH)
    method: Method = field("选择表决方式。Choose how ballots are marked.", Method.SINGLE)
    options: list[str] | None = field(
        "填写 2–20 个选项，各 1–100 字；PROPOSAL 不填。\n"
        "Give 2 to 20 options of 1 to 100 characters, and none for a PROPOSAL."
    )
    most_marks: int = field(
        "填写 MULTIPLE、CANDIDATES、RANKED 每票最多选几项。\n"
        "Give the number of options that a ballot may mark, where it may mark several.",
        1,
    )
    opens_at: datetime | None = field(
        "填写开始时间；不填即刻开始。"
        "Give the time at which it opens; it opens now if you leave this out."
    )
    closes_at: datetime = field(
        "填写截止时间，开始后 60 天之内。"
        "Give the time at which it closes, within 60 days of its opening."
    )
    secrecy: VoteSecrecy = field(
        "选择是否秘密。秘密征询由三个监票程序掌管密钥，出示后才开始；名册不足 10 人则作废。\n"
        "Choose whether it is secret. Three programs keep the keys of a secret poll, which "
        "opens once they are shown; it is void with fewer than 10 on the roll.",
        VoteSecrecy.RECORDED,
    )

    async def prepare(self, services: dict[str, Any], _: Viewer) -> dict[str, Any]:
        """Have the text checked; give the programs that keep keys."""
        texts = [self.question, self.details or "", *(self.options or ())]
        verdict = await services["text_check"].check("\n".join(texts))
        return {"verdict": verdict, "programs": services["scrutineers"]}


class _OnVote:
    vote_id: UUID = ref(votes)


@verb(procedure.VOID_POLL, _VOTE)
class VoidPoll(_OnVote):
    """截止之前作废意见征询，须说明理由；已投的票不公布。
    Void a poll before its close, for a reason; what was cast is not published.
    """

    reason: str = text("理由，邻居可见", "the reason, which neighbours see")


@verb(procedure.CAST, _VOTE, casting.cast)
class CastBallot(_OnVote, Keyed):
    """投票，截止前可以改；秘密投票交的是本机封好的选票。断网重试须用同一个幂等键：截止前投出的，截止后重试也照样答复。
    Cast your ballot, or change it until the close; of a secret vote, sealed on your device. \
A retry with the same key gets its first answer, after the close too if the ballot was in time.
    """

    entry_id: UUID | None = ref(
        voters,
        (
            "填写名册上的哪一户，见 `Meeting.viewerEntries`；只有一户不必填。\n"
            "Give the id of the entry of the roll, as in `Meeting.viewerEntries`; leave it out "
            "where there is one."
        ),
    )
    marks: list[int] | None = field(
        f"{MARKS}\n全为 0 即弃权；秘密投票不填。"
        "All 0 is an abstention; leave it out of a secret vote."
    )
    sealed: str | None = field(
        "秘密投票填写在本机封好的 480 字节，base64。\n"
        "For a secret vote, give the 480 bytes sealed on this device, as base64."
    )
    replaces: int | None = field(
        "改票时填您现有选票的 `version`；首次投票不填。\n"
        "Give the `version` of your ballot to change it; leave it out the first time."
    )

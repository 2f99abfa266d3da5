"""The staff enters attendance, service, who casts for whom, and papers under these rules."""

from tenants.columns import NOW, among
from tenants.errors import Code
from tenants.policy import Ground, rule
from tenants.scopes import Scope
from tenants.votes.meetings import meetings
from tenants.votes.policy import IS_OF_OWNERS, IS_POLL
from tenants.votes.procedure import IS_SECRET, NOT_STAFF
from tenants.votes.tables import votes

_IS_OVER = (meetings.c.state != "NOTICED") | (meetings.c.closes_at <= NOW)
RECORD_ATTENDANCE = rule(
    "recordAttendance", Scope.VOTE_MANAGE, meetings, NOT_STAFF,
    (
        Code.WRONG_STATE,
        (meetings.c.state != "NOTICED") | (meetings.c.held_at > NOW),
        "会议尚未召开。The meeting was not held yet.",
    ),
)  # fmt: skip
EXTEND = rule(
    "extendVoting", Scope.VOTE_MANAGE, meetings, NOT_STAFF,
    (
        Code.WRONG_STATE,
        (meetings.c.state != "NOTICED") | (meetings.c.opens_at > NOW) | (meetings.c.closes_at <= NOW),
        "只在投票期间可延期。Only while its votes are open.",
    ),
    (Code.ALREADY_DONE, meetings.c.extended_at.is_not(None), "只可延期一次。Once only."),
)  # fmt: skip
TELL_AUTHORITIES = rule(
    "recordAuthoritiesTold", Scope.VOTE_MANAGE, meetings, NOT_STAFF,
    (Code.WRONG_STATE, meetings.c.state != "DRAFT", "须在公告之前登记。Before the notice only."),
    (Code.INVALID, ~IS_OF_OWNERS, "不是业主大会会议。It is no meeting of owners."),
)  # fmt: skip
RECORD_SERVICE = rule(
    "recordService", Scope.VOTE_MANAGE, meetings, NOT_STAFF,
    (Code.WRONG_STATE, _IS_OVER, "只在公告之后、截止之前可登记。Between the notice and the close."),
)  # fmt: skip
ASSIGN_CASTER = rule(
    "assignCaster", Scope.VOTE_MANAGE, meetings, NOT_STAFF,
    (Code.WRONG_STATE, _IS_OVER, "只在公告之后、截止之前可登记。Between the notice and the close."),
)  # fmt: skip
REGISTER_PROXY = rule(
    "registerProxy", Scope.VOTE_MANAGE, meetings, NOT_STAFF,
    (Code.WRONG_STATE, _IS_OVER, "只在公告之后、截止之前可登记。Between the notice and the close."),
)  # fmt: skip
REVOKE_PROXY = rule(
    "revokeProxy", Scope.VOTE_MANAGE, meetings, NOT_STAFF,
    (Code.WRONG_STATE, _IS_OVER, "只在公告之后、截止之前可撤销。Between the notice and the close."),
)  # fmt: skip
_NOT_COUNTABLE: Ground = (
    Code.WRONG_STATE,
    ~among(votes.c.state, "OPEN", "CLOSED"),
    "只在投票开始之后、计票之前可录入。Between the opening and the count.",
)
_BY_NAME: Ground = (
    Code.FORBIDDEN,
    IS_POLL | IS_SECRET,
    "只录入会议记名表决的票。Papers are entered of named decisions only.",
)
RECORD_PAPER = rule("recordPaper", Scope.VOTE_MANAGE, votes, _BY_NAME, NOT_STAFF, _NOT_COUNTABLE)
CONFIRM_PAPER = rule("confirmPaper", Scope.VOTE_MANAGE, votes, _BY_NAME, NOT_STAFF, _NOT_COUNTABLE)

"""A person causes these refusals by normal use and can act on them; each has a closed code."""

from tenants.words import Words, word


class Code(Words):
    """修改因此被拒绝；今后可能增加，客户端须容忍未知的值。
    A change was refused for this reason; the list may grow, and clients must bear unknown values.
    """

    INVALID = word("输入有误", "The input is invalid")
    TOO_LONG = word("文字太长", "A text is too long")
    REQUIRED = word("缺少必填的内容", "Something required is missing")
    NOT_FOUND = word("没有找到，或您看不到", "It is missing, or not for you to see")
    FORBIDDEN = word("看得到，但不许做", "You see it and may not do this")
    WRONG_STATE = word("当前状态不允许", "Its present state does not allow it")
    ALREADY_DONE = word("已经做过了", "It was done already")
    VOTE_CLOSED = word("表决已结束", "The vote is closed")
    NOT_ELIGIBLE = word("没有表决资格", "You are not eligible")
    CONTENT_REJECTED = word("内容未通过检查", "The text did not pass its check")
    QUOTA_EXCEEDED = word("超出数量限制", "A limit of number is reached")
    VERSION_CONFLICT = word(
        "已被他人修改，请刷新后重试", "Somebody changed it meanwhile: read it again"
    )
    IDEMPOTENCY_MISMATCH = word("幂等键已用于别的请求", "The key was used with another input")
    RULE_UNCONFIRMED = word("所依据的规定尚未核实", "The rule that it rests on is not confirmed")


class Refused(Exception):
    """A change was refused and rolled back.

    `path` names the input field at fault, if there is one. `others` were found with it, where a list
    is refused with all that is wrong in it.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *path: str,
        current_state: str | None = None,
        current_version: int | None = None,
        labels: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path
        self.current_state = current_state
        self.current_version = current_version
        self.labels = labels
        self.others: tuple[Refused, ...] = ()

    def beside(self, *others: "Refused") -> "Refused":
        """Return it together with others that were found."""
        self.others = others
        return self


class NotFound(Refused):
    """The row is missing, of another tenant or hidden; the answer is the same for all three."""

    def __init__(self, *path: str) -> None:
        super().__init__(Code.NOT_FOUND, "没有找到。Not found.", *path)


class VersionConflict(Refused):
    """Another transaction changed the row after the caller read it."""

    def __init__(self, current: int | None, path: str = "expectedVersion") -> None:
        super().__init__(
            Code.VERSION_CONFLICT,
            f"内容已被修改，请刷新后重试。Changed meanwhile: version {current} is current.",
            path,
            current_version=current,
        )


class StaleViewer(Exception):
    """The viewer's membership, roles or state differ from the access token: refresh the token."""


class Busy(Exception):
    """The connection pool had no free connection in time; the caller may retry."""

    def __init__(self, message: str = "no connection came free in time") -> None:
        super().__init__(message)


class Unavailable(Busy):
    """The database cannot serve now: it is starting, gone, full or read-only. Retry later.

    `reason` is its SQLSTATE, or the type of the connection error.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the database cannot serve now: {reason}")
        self.reason = reason


class TooSlow(Exception):
    """The database cancelled a statement after its timeout; a change may be retried with its key.

    `reason` is its SQLSTATE.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the database gave up: {reason}")
        self.reason = reason


class Conflict(TooSlow):
    """Two transactions were in conflict and this one was rolled back; it may be retried."""

"""These are the closed lists of open affairs: states and kinds."""

from tenants.words import Words, word


class ObligationState(Words):
    """法定义务处于这些状态之一。An obligation is in one of these states."""

    DUE = word("待完成", "It is owed and not late")
    OVERDUE = word("已逾期", "It is owed and late")
    MET = word("已完成", "It was met")


class AffairState(Words):
    """公开事项处于这些状态之一。An item of open affairs is in one of these states."""

    DRAFT = word("已录入，待他人核实", "It is entered and waits for somebody else to confirm it")
    RETURNED = word("核实时退回，未公布", "It was not confirmed and was never posted")
    POSTED = word("已公布", "It is posted")
    WITHDRAWN = word("公布期满后撤下", "It was taken down after it was posted long enough")


class AffairQuestionKind(Words):
    """它说明由谁提出。It says who asks."""

    QUESTION = word("居民查询", "A resident asks")
    OBJECTION = word("监督委员提出异议", "A member of the supervision committee objects")


class AffairQuestionState(Words):
    """查询处于这些状态之一。A question is in one of these states."""

    OPEN = word("待答复", "It waits for an answer")
    OVERDUE = word("答复逾期", "It was not answered in time")
    ANSWERED = word("已答复", "It was answered")


class AffairComplaintKind(Words):
    """它说明反映什么。It says what is complained of."""

    LATE = word("应当公布而没有及时公布", "What is owed was not posted in time")
    UNTRUE = word("公布的事项不真实", "What was posted is not true")


class AffairComplaintState(Words):
    """反映处于这些状态之一。A complaint is in one of these states."""

    OPEN = word("待街镇调查核实", "It waits for the street to investigate")
    OVERDUE = word("调查逾期", "It was not decided in time")
    UPHELD = word("属实，已责令依法公布", "It is true, and the street ordered that it be posted")
    DISMISSED = word("不属实", "It is unfounded")

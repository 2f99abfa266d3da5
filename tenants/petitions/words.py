"""Petitions have these closed lists: kinds, states, results, and what happens to them."""

from tenants.words import Words, word


# 北京市接诉即办工作条例, art. 2.
class PetitionKind(Words):
    """诉求的种类说明诉求人要什么。The kind of a petition says what its author asks for."""

    CONSULTATION = word("咨询", "It asks for advice")
    HELP = word("求助", "It asks for help")
    COMPLAINT = word("投诉", "It asks for a remedy")
    REPORT = word("举报", "It asks that a wrong be looked into")
    SUGGESTION = word("建议", "It asks that a suggestion be considered")


class Secrecy(Words):
    """除诉求人和办理台外，它规定谁能看到诉求。
    It says who may read a petition besides its author and its desks.
    """

    PUBLIC = word("公开", "Everybody in the community reads it, guests too")
    MEMBERS = word("本社区成员", "Members of the community read it")
    PRIVATE = word("不公开，只有诉求人和办理台", "Its author and its desks alone read it")


class Addressee(Words):
    """诉求写给居委，或越级写给街镇或部门。
    A petition is addressed to the committee, or past it to the street or a department.
    """

    COMMUNITY = word("居委", "It is addressed to the residents' committee")
    STREET = word("越级致街镇", "It is addressed to the street, past the committee")
    DEPARTMENT = word("越级致职能部门", "It is addressed to a department, past the committee")


class Level(Words):
    """诉求现在或当时到了这一级。A petition is or was at this level."""

    COMMUNITY = word("社区", "It is at the community")
    STREET = word("街镇", "It is at the street or town")
    DISTRICT = word("区", "It is at the district")


class PetitionState(Words):
    """诉求的状态说明办理到哪一步。The state of a petition says how far its handling is."""

    SUBMITTED = word("已提交，待办理台受理", "It was sent and waits for its desk")
    RETURNED = word(
        "待诉求人补充，时限暂停", "It waits for more from its author, and the clocks stand still"
    )
    NOT_ACCEPTED = word("不予受理", "Its desk did not take it on")
    MERGED = word("已并入另一诉求", "It was merged into another petition")
    ACCEPTED = word("已受理", "Its desk took it on")
    ASSIGNED = word("已派单", "It was assigned to a handler or a department")
    DISPUTED = word(
        "派单有异议，时限暂停", "The assignment is disputed, and the clocks stand still"
    )
    IN_PROGRESS = word("办理中", "It is being worked on")
    ESCALATED = word("已上报，待上级受理", "It went up a level and waits for the desk there")
    ANSWERED = word("已答复", "Its desk answered it")
    CALLBACK = word("回访中，待诉求人评价", "Its author is asked whether it is solved")
    CLOSED = word("已办结", "It is closed")
    REVIEW_REQUESTED = word("复查中，由上一级决定", "The level above is asked to review the answer")
    WITHDRAWN = word("已撤回", "Its author withdrew it")


WAITING = ("SUBMITTED", "ESCALATED")  # for the desk to acknowledge it
PAUSED = ("RETURNED", "DISPUTED")  # the deadlines are paused
OPEN = (*WAITING, *PAUSED, "ACCEPTED", "ASSIGNED", "IN_PROGRESS", "REVIEW_REQUESTED")


class Outcome(Words):
    """办理台如实填写办理结果；是否解决由诉求人说。
    The desk states honestly what came of a petition; its author says whether it is solved.
    """

    SOLVED = word("已解决", "It is solved")
    PARTLY = word("部分解决", "It is solved in part")
    EXPLAINED = word("已解释", "It was explained")
    PLANNED = word("列入计划，有日期", "It is planned, with a date")
    REFERRED = word("转其他渠道", "It was referred to another channel")
    CANNOT = word("客观无法解决", "It cannot be solved")


# 北京市接诉即办工作条例, art. 11: the first three are listed beside the rates.
class RefusalCode(Words):
    """诉求因此不予受理。A petition is not accepted for this reason."""

    EMERGENCY = word("紧急事项，应拨 110、119、120", "It is an emergency: call 110, 119 or 120")
    OTHER_LEGAL_ROUTE = word("另有法定途径", "The law provides another route")
    NO_NEW_FACTS = word("没有新的事实", "There are no new facts")
    NOT_A_PETITION = word("不是诉求", "It asks for nothing")


class Solved(Words):
    """是否解决，只由诉求人说。Only the author says whether it is solved."""

    YES = word("已解决", "It is solved")
    PARTLY = word("部分解决", "It is solved in part")
    NO = word("未解决", "It is not solved")


class EventAction(Words):
    """诉求上发生了这样的事。This happened to a petition."""

    SUBMITTED = word("提交", "It was submitted")
    INFORMATION_REQUESTED = word("要求补充", "Its desk asked for more information")
    RESUBMITTED = word("补充后再提交", "Its author sent more information")
    ACCEPTED = word("受理", "Its desk took it on")
    REFUSED = word("不予受理", "Its desk did not take it on")
    MERGED = word("并入另一诉求", "It was merged into another petition")
    TOOK_IN = word("并入了另一诉求", "Another petition was merged into it")
    ASSIGNED = word("派单", "It was assigned to a handler or department")
    DISPUTED = word("派单有异议", "The assignment was disputed by who got it")
    STARTED = word("开始办理", "Work on it began")
    EXTENDED = word("延期", "Its limit was extended")
    ESCALATED = word("上报", "It went up a level")
    ANSWERED = word("答复", "Its desk answered")
    ASKED_BACK = word("系统回访", "The system asked its author whether it is solved")
    RATED = word("本人评价", "Its author said whether it is solved")
    CLOSED = word("办结", "It was closed")
    REOPENED = word("重新打开", "Its author opened it again")
    REVIEW_REQUESTED = word("申请复查", "Its author asked the level above for a review")
    REVIEWED = word("复查决定", "The level above decided the review")
    WITHDRAWN = word("撤回", "Its author withdrew it")
    NOTED = word("记录", "A note was added")
    ACK_OVERDUE = word("首次响应超时", "The limit for the first response passed")
    RESOLVE_OVERDUE = word("办结超时", "The limit for the answer passed")
    GOAL_REACHED = word("联名达到人数", "Enough residents support it")
    MEETING_CALLED = word("已公告所提请的会议", "The meeting that it asks for was announced")
    MEETING_CANCELLED = word("所提请的会议取消", "The meeting that it asks for was cancelled")
    SUPERVISED = word("被督办", "An order was issued about it")
    IMPORTED = word("由旧系统导入", "It was imported from another system")
    CONVERTED = word("转为议题", "It became a topic of the residents")


class EventActor(Words):
    """它说明诉求上的事由谁所为；到期的步骤由系统进行。
    It says who acted on a petition; the system takes the steps that are due.
    """

    AUTHOR = word("诉求人", "Its author acted")
    DESK = word("办理台", "The desk that has it acted")
    SUPPORTER = word("联名人", "Somebody who supports it acted")
    SYSTEM = word("系统", "The system acted")

"""Topics have these closed lists: states, events, forms of consultation, and what follows from one."""

from tenants.words import Words, word


class TopicState(Words):
    """议题的状态说明它进展到哪一步。The state of a topic says how far it is."""

    PROPOSED = word("已提议，征集附议", "It is proposed and collects support")
    SCREENING = word("待书记审核", "It waits for the secretary to decide whether it is taken up")
    RETURNED = word("已退回，有理由", "It was not taken up, for a reason")
    TO_PETITION = word(
        "单户事项，已转为诉求", "It was the matter of one household, and is a petition"
    )
    ON_AGENDA = word("已列入居委议程", "It is on the committee's agenda")
    SOLICITING = word("征询意见中", "Residents are asked what they think")
    CONSULTING = word("协商中", "Residents and others concerned are consulted")
    DECIDING = word("已提请会议表决", "It was put to the vote of a meeting")
    RESOLVED = word("决议已公开", "Its resolution is published")
    EXECUTING = word("实施中", "It is being carried out")
    EVALUATING = word("评议中", "Residents judge what was done")
    DONE = word("实施结果已公开", "Its outcome is published")
    SHELVED = word("暂缓，到期恢复", "It was put off and comes back on a date")
    WITHDRAWN = word("已由提议人撤回", "Who proposed it withdrew it")
    LAPSED = word("附议不足，已失效", "It was not supported enough in time")


class TopicAction(Words):
    """这件事发生在议题上。This happened to a topic."""

    PROPOSED = word("提议", "It was proposed")
    CONVERTED = word("由诉求转为议题", "A petition became this topic")
    GOAL_REACHED = word("附议达到人数", "Enough residents supported it")
    SCREENED = word("审核", "The secretary decided whether it is taken up")
    TO_PETITION = word("转为诉求", "It became a petition of its author")
    FORWARDED = word("审核逾期，自动列入居委议程", "Nobody decided in time, so it is on the agenda")
    WITHDRAWN = word("撤回", "Its author withdrew it")
    LAPSED = word("失效", "It was not supported enough in time")
    SOLICITED = word("开始征询意见", "Residents were asked what they think")
    CONSULTED = word("安排协商", "A consultation was scheduled")
    DISCUSSED = word("登记党组织提议、两委商议或党员审议", "A discussion beforehand was recorded")
    SUBMITTED = word("提请会议表决", "It was put to the vote of a meeting")
    RESOLVED = word("公开决议", "The resolution was published")
    STARTED = word("开始实施", "The staff began to carry it out")
    REPORTED = word("报告实施情况", "The staff reported what was done")
    CONCLUDED = word("公开实施结果", "The outcome was published")
    SHELVED = word("暂缓", "It was put off")
    CAME_BACK = word("暂缓期满，恢复议程", "It came back on the agenda")


class Stance(Words):
    """它说明一条意见是赞成、反对还是提问。It says whether a contribution is for, against, or a question."""

    FOR = word("赞成", "It is in favour")
    AGAINST = word("反对", "It is against")
    QUESTION = word("提问，须答复", "It is a question, which is to be answered")


class DiscussionKind(Words):
    """重大事项表决之前依次经过这些讨论。These discussions precede the decision on an important matter, in order."""

    PARTY_PROPOSAL = word("党组织提议", "The Party organisation proposes it")
    COMMITTEES = word("两委会议商议", "The two committees discuss it")
    PARTY_MEMBERS = word("党员大会审议", "The Party members discuss it")


# The first three are named by 城市居民委员会组织法 32, the others by 上海市居民委员会工作条例 16.
class ConsultationForm(Words):
    """协商有这些形式。A consultation has one of these forms."""

    COUNCIL = word("议事会", "It is a council of residents")
    HEARING = word("听证会，决定之前", "It is a hearing before a decision")
    TALK = word("恳谈会", "It is an open talk")
    COORDINATION = word("协调会，有矛盾时", "It brings together those who disagree")
    EVALUATION = word("评议会，实施之后", "It judges what was carried out")
    JOINT = word("联席会议，与有关单位", "It is a joint conference with other bodies")


class ConsultationState(Words):
    """它说明协商是否召开。It says whether a consultation took place."""

    SCHEDULED = word("已安排", "It is scheduled")
    HELD = word("已召开，记录已公布", "It was held, and its minutes are published")
    CANCELLED = word("已取消", "It was cancelled")


class FollowUp(Words):
    """居委这样落实协商的结果（城市居民委员会组织法第32条）。
    The committee does this with the outcome of a consultation (art. 32 of the organic law).
    """

    CARRY_OUT = word("由居委组织实施", "The committee carries it out")
    SUPERVISE = word("由居委督促有关方面落实", "Others carry it out, and the committee sees to it")
    TO_MEETING = word("提请居民会议或代表会议讨论决定", "It goes to a meeting for a decision")
    NO_AGREEMENT = word("未达成一致", "There is no agreement")


class Execution(Words):
    """它说明由谁实施决议。It says who carries a resolution out."""

    CARRY_OUT = word("由居委组织实施", "The committee carries it out")
    SUPERVISE = word("由居委督促有关方面落实", "Others carry it out, and the committee sees to it")


class Screening(Words):
    """书记对议题作这样的审核决定。The secretary decides this on a proposed topic."""

    ADOPT = word("列入议程", "It is taken up")
    RETURN = word("退回", "It is not taken up")

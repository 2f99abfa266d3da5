"""These are the closed lists of pacts."""

from tenants.words import Words, word


class PactKind(Words):
    """这是公约的种类，种类决定怎样制定。This is the kind of a pact, which decides how it is made."""

    RESIDENTS_PACT = word("居民公约", "It is a residents' pact")
    VILLAGE_PACT = word("村规民约", "It is a village pact")
    CHARTER = word("自治章程", "It is a charter of self-government")
    MANAGEMENT_PACT = word("管理规约", "It is the owners' management pact of a property area")
    BUILDING_PACT = word("楼组公约", "It is a pact of one building, made by agreement")


class PactStage(Words):
    """制定公约依次经过这些阶段。The making of a pact goes through these stages in order."""

    SOLICIT = word("征集民意", "Residents are asked what it should say")
    DRAFT = word("拟定草案", "A draft is written and published for suggestions")
    REVIEW = word("提请审核", "The street reviews the draft before the vote")
    VOTE = word("审议表决", "The meeting that the law names decides it")
    AGREE = word("协商签署", "Households agree by their signatures")
    FILE = word("备案公布", "It is filed with the street and published")


class PactState(Words):
    """公约经过这些状态。A pact goes through these states."""

    SOLICITING = word(
        "征集民意，尚无文本", "Residents say what it should hold, and there is no text yet"
    )
    DRAFTING = word("起草中，建议已冻结", "The draft is being written, and suggestions are frozen")
    PUBLISHED = word("草案已公布，征求意见", "A draft is published and takes suggestions")
    UNDER_REVIEW = word("已提请街镇审核", "The street reviews it")
    RETURNED = word("审核退回，须修改", "The street returned it to be changed")
    REVIEWED = word("审核通过，可提请表决", "The street passed it, and it may be put to the vote")
    ON_VOTE = word("已提请表决", "It is put to the vote")
    REJECTED = word("表决未通过", "The vote did not pass it")
    ADOPTED = word("已通过，待备案", "The vote passed it, and it waits to be filed")
    FILED = word("已备案，待施行", "It is filed and waits for its day")
    IN_FORCE = word("施行中", "It is in force")
    SUPERSEDED = word("已被新的文本取代", "A later one took its place")
    REPEALED = word("已废止", "It was repealed")
    ORDERED_TO_CORRECT = word("已责令改正", "The street ordered it to be corrected")
    ANNULLED = word("通过它的决定已被推翻", "The decision that passed it was overturned")
    CANCELLED = word("已终止制定", "Its making was called off")


class PactAction(Words):
    """公约的经过由这些步骤组成。The history of a pact is made of these steps."""

    STARTED = word("启动制定", "Its making began")
    DRAFTING = word("开始起草，冻结建议", "The draft was taken up, and suggestions were frozen")
    PUBLISHED = word("公布草案", "A draft was published")
    SUBMITTED = word("提请审核", "It was submitted for review")
    REVIEW_OVERDUE = word(
        "审核逾期；沉默不算通过", "The review became overdue; silence approves nothing"
    )
    REVIEWED = word("街镇审核", "The street passed or returned it")
    PUT_TO_VOTE = word("提请表决", "It was put to the vote")
    VOTE_CONCLUDED = word("登记表决结果", "What the vote came to was entered")
    FILING_OVERDUE = word("备案逾期", "The filing became overdue")
    FILED = word("备案", "It was filed with the street")
    CAME_INTO_FORCE = word("施行", "It came into force")
    CONCLUDED = word("各户协商一致，施行", "The households agreed, and it came into force")
    REVISION_DUE = word("到复审日期", "The day came to look at it again")
    SUPERSEDED = word("被取代", "A later one took its place")
    REPEALED = word("废止", "It was repealed")
    CORRECTION_ORDERED = word("责令改正", "The street ordered a correction")
    CANCELLED = word("终止制定", "Its making was called off")


class SuggestionState(Words):
    """对公约的建议经过这些状态。A suggestion on a pact goes through these states."""

    OPEN = word("待处理", "It waits for an answer")
    CARRIED_OVER = word("留到下一稿再议", "It is kept open for the next draft")
    ADOPTED = word("已采纳", "It was adopted into the draft")
    DECLINED = word("未采纳", "It was not adopted, for a reason")
    WITHDRAWN = word("本人撤回", "Its author withdrew it")


class SuggestionDecision(Words):
    """居委这样答复一条建议。The committee answers a suggestion in this way."""

    # the value is the state that it leads to
    ADOPT = ("ADOPTED", "采纳", "It is adopted into the draft that is being written")
    DECLINE = ("DECLINED", "不采纳", "It is declined")
    CARRY_OVER = ("CARRIED_OVER", "留到下一稿再议", "It is kept open for the next draft")


class ChangeKind(Words):
    """这是一条条文在两个版本之间的变化。This is what became of a clause between two versions."""

    ADDED = word("新增", "It was added")
    DROPPED = word("删去", "It was dropped")
    MOVED = word("移动，文字未变", "It moved and has the same words")
    REWORDED = word("文字有改动，也可能移动", "Its words changed, and it may have moved as well")


class SubmissionPurpose(Words):
    """文本为此报送街镇。A text is handed to the street for this."""

    REVIEW = word("提请审核", "It is to be reviewed before the vote")
    FILING = word("备案", "It is filed after the vote")


class ReviewOutcome(Words):
    """街镇这样答复报送的文本。The street answers a text in this way."""

    PASSED = word("审核通过", "It may be put to the vote")
    RETURNED = word("退回修改", "It is to be changed")
    ORDERED_TO_CORRECT = word("责令改正", "It is to be corrected")


class ReviewDecision(Words):
    """街镇这样裁定草案。The street decides on a draft in this way."""

    # the value is the state that it leads to
    PASS = ("REVIEWED", "通过", "It may be put to the vote")
    RETURN = ("RETURNED", "退回修改", "It is to be changed")


class ReviewItem(Words):
    """审核逐项看这些。A review looks at each of these."""

    LAW = word(
        "不违反宪法、法律、法规和国家政策",
        "It does not conflict with the constitution, law or policy",
    )
    PUBLIC_ORDER = word("不违背公序良俗", "It is not against public order and morals")
    PERSONAL_RIGHTS = word("不侵犯人身权利", "It does not infringe personal rights")
    DEMOCRATIC_RIGHTS = word("不侵犯民主权利", "It does not infringe democratic rights")
    PROPERTY_RIGHTS = word("不侵犯合法财产权利", "It does not infringe property rights")
    WOMENS_RIGHTS = word(
        "不以婚姻状况等侵害妇女权益",
        "It does not cut women's rights by marital status or otherwise",
    )
    FINES = word("不设罚款，不滥用强制处罚", "It has no fines and no compulsory punishment")


class PactVotePurpose(Words):
    """会议的一项议题就公约决定这个。A matter of a meeting decides this of a pact."""

    ADOPT = word("是否通过文本", "It decides whether the text is passed")
    REPEAL = word("是否废止", "It decides whether the pact is repealed")


class SigningChannel(Words):
    """一户这样签署。A household signs in this way."""

    ONLINE = word("本户成员线上签署", "A member of the household signed online")
    PAPER = word(
        "纸质签署，一人录入、另一人复核", "It was on paper, entered by one and confirmed by another"
    )
    ASSISTED = word(
        "上门协助签署，一人录入、另一人复核",
        "It was taken down at the door, entered by one and confirmed by another",
    )


class SignatureState(Words):
    """签署经过这些状态。A signature goes through these states."""

    PENDING = word("已录入，待复核", "It was entered and waits to be confirmed")
    VALID = word("有效", "It counts")
    WITHDRAWN = word("已撤回", "It was withdrawn")

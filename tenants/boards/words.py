"""Boards and moderation have these closed lists: kinds, states and reasons."""

from tenants.words import Words, word


class BoardKind(Words):
    """版块的种类说明它用来做什么。The kind of a board says what it is for."""

    NOTICE = word("公告", "It is for notices of the committee")
    PARTY = word("党建", "It is for news of the Party branch")
    HALL = word("议事", "It is for deliberation of common affairs")
    FORUM = word("交流", "It is for talk among neighbours")
    AFFAIRS = word("公开", "It is for affairs that the committee makes public")
    CULTURE = word("文化", "It is for culture and leisure")


class PostPolicy(Words):
    """它规定谁可以在版块发帖。It says who may post on a board."""

    EVERYONE = word("所有成员", "Every member may post")
    COMMITTEE = word("居委和书记", "The committee and the secretary may post")
    SECRETARY = word("只有书记", "The secretary alone may post")


class ModerationMode(Words):
    """它规定帖子和评论何时审核。It says when posts and comments are checked."""

    POST = word("先发后审", "They are checked after they are shown")
    PRE = word("先审后发", "They are checked before they are shown")


class ContentState(Words):
    """帖子或评论的状态决定谁看得到。The state of a post or comment decides who sees it."""

    PUBLISHED = word("可见", "Members see it")
    HELD = word(
        "待审，只有作者和居委可见", "It waits to be checked; its author and the staff see it"
    )
    HIDDEN = word("已隐藏，只有作者和居委可见", "It was hidden; its author and the staff see it")
    DELETED = word("作者已删除", "Its author deleted it")


class ReactionKind(Words):
    """每人对一个帖子或评论每种表态一次。Each member gives one reaction of each kind to a post or comment."""

    LIKE = word("赞", "The member likes it")
    THANKS = word("感谢", "The member gives thanks")
    SUPPORT = word("支持", "The member supports it")
    CARE = word("关心", "The member sympathises")


class ReasonCode(Words):
    """内容因此被举报或隐藏。Something is reported or hidden for this reason."""

    ILLEGAL = word("违法", "It is against the law")
    ABUSE = word("辱骂", "It insults or threatens")
    PRIVACY = word("侵犯隐私", "It shows somebody's personal data")
    SPAM = word("广告", "It is advertising")
    FALSE_INFORMATION = word("不实", "It is false")
    OFF_TOPIC = word("跑题", "It is off topic")
    OTHER = word("其他", "There is another reason")


class CaseState(Words):
    """每次审核都以附理由的决定告终。Every moderation case ends with a reasoned decision."""

    OPEN = word("有人举报或待审，居委未处理", "It was reported or held, and waits for the staff")
    KEPT = word("居委决定保留", "The staff decided to keep it")
    HIDDEN = word("居委决定隐藏", "The staff decided to hide it")
    APPEALED = word(
        "作者已申诉，待书记或街镇裁定",
        "The author appealed, and it waits for the secretary or the street",
    )
    UPHELD = word("申诉后维持隐藏", "The appeal was decided and it stays hidden")
    RESTORED = word("已恢复显示", "It was shown again")

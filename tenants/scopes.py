"""Access tokens have scopes and roles.

A scope is necessary, never sufficient: policy decides the rest.
"""

from typing import Any

from tenants.words import Words, word


class Role(Words):
    """人在一处有这个身份或职务，程序有这个身份。A person has this role in one place, or a program has it."""

    GUEST = word("访客，尚不是成员", "They are a guest: not a member yet, or no longer")
    RESIDENT = word("居民，社区成员", "They are a resident and member of the community")
    COMMITTEE_MEMBER = word("居委委员", "They are a member of the residents' committee")
    PARTY_SECRETARY = word("党组织书记", "They are the secretary of the Party branch")
    SUPERVISOR = word("监督委员", "They are a supervisor of the committee")
    SEAT = word("一个版块的专业席位", "They hold a professional's seat on one board")
    REPRESENTATIVE = word("居民代表或村民代表", "They represent residents or villagers")
    DISTRICT_ADMIN = word(
        "区或街镇的管理员", "They are an admin of a district or of one of its streets"
    )
    DEPARTMENT_HANDLER = word("职能部门的经办人", "They are a handler of a department")
    APP = word("第三方应用，只读", "It is a registered app, which only reads")
    INSPECTOR = word(
        "进社区查看的上级管理员，只读",
        "They are an officer who looks into a community and only reads",
    )


class Scope(Words):
    """令牌可用于这些事；在 OAuth 中写作其后所示。
    A token may be used for these acts; OAuth writes each as shown.
    """

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[Any]) -> str:  # noqa: ARG004 # enum's own signature
        return name.lower().replace("_", ":", 1)

    COMMUNITY_READ = word("读社区的公开情况", "Read what a community publishes of itself")
    MEMBER_APPLY = word("申请加入社区", "Apply to be let into a community")
    SELF_MANAGE = word(
        "管理自己的资料、同意和去留", "Manage one's own data, consents and membership"
    )
    SELF_DATA = word("导出和注销自己的资料", "Export one's own data, and have it erased")
    SESSION_MANAGE = word(
        "管理自己的登录，用于 /auth/sessions", "Manage one's own sessions, at /auth/sessions"
    )
    MEMBER_READ = word("读成员的称呼和楼栋", "Read members' names and buildings")
    MEMBER_REVIEW = word("审核入会申请", "Review applications")
    CONTACT_REVEAL = word("查看成员的真实姓名和电话", "Read a member's real name and phone")
    AUDIT_READ = word("读审计", "Read the audit")
    MEMBER_MANAGE = word("授予职务、暂停成员资格", "Give offices and suspend members")
    BOARD_READ = word("读版块、帖子和评论", "Read boards, posts and comments")
    BOARD_MANAGE = word("管理版块", "Manage boards")
    POST_WRITE = word("发帖、评论、表态", "Write posts and comments, and react")
    POST_PIN = word("置顶帖子", "Pin posts")
    PETITION_READ = word("读诉求", "Read petitions")
    PETITION_WRITE = word("提交诉求、联名、评价", "Send petitions, sign them and judge answers")
    PETITION_HANDLE = word("办理诉求", "Handle the petitions of a desk")
    PETITION_IMPORT = word("导入历史来信", "Import historic letters")
    PETITION_SUPERVISE = word("督办超时的诉求", "Issue orders about overdue petitions")
    VOTE_READ = word("读表决、自己的选票和结果", "Read votes, one's own ballots and results")
    VOTE_START = word("发起意见征询", "Start polls")
    VOTE_CAST = word(
        "投票，提出异议，在所任席位确认结果",
        "Cast ballots, raise objections, and certify results in one's seat",
    )
    VOTE_MANAGE = word("筹备会议表决", "Prepare meetings and count their votes")
    VOTE_CERTIFY = word(
        "裁定异议，登记授权和被推翻的结果",
        "Decide objections, record authorisations and overturned decisions",
    )
    AFFAIRS_ASK = word(
        "查询公开事项，向街镇反映", "Ask about open affairs, and complain to the street"
    )
    AFFAIRS_PUBLISH = word("录入、核实和公布公开事项", "Post open affairs")
    AFFAIRS_CHECK = word(
        "监督公开事项，主持民主评议", "Watch over open affairs, and chair appraisals"
    )
    AFFAIRS_INVESTIGATE = word("调查居民对公开事项的反映", "Decide complaints about open affairs")
    PACT_READ = word("读公约", "Read pacts")
    PACT_WRITE = word("对公约提建议、签署", "Make suggestions on pacts and sign them")
    PACT_MANAGE = word("起草公约、提请审核和表决、备案", "Draft pacts and take them to their end")
    PACT_REVIEW = word("审核公约草案、接收备案", "Review drafts of pacts and their filings")
    TOPIC_READ = word("读议题和项目", "Read topics and projects")
    TOPIC_WRITE = word("提议、附议、发表意见、评议", "Propose, support and evaluate topics")
    TOPIC_SCREEN = word("审核议题", "Decide whether a topic is taken up")
    TOPIC_MANAGE = word("办理议题和项目", "Carry topics and projects on")
    SPENDING_ATTEST = word("证明项目支出属实", "Attest the spendings of projects")
    DUTY_MANAGE = word("安排值班", "Manage the duty roster")
    CONTENT_REPORT = word("举报内容", "Report content")
    CONTENT_MODERATE = word("隐藏和恢复内容", "Hide and restore content")
    APPEAL_DECIDE = word("裁定对隐藏的申诉", "Decide appeals against hiding")
    DISTRICT_READ = word("读所管辖的区、街镇", "Read the district or street that one serves")
    DISTRICT_MANAGE = word("管理社区和部门", "Manage communities and departments")
    OFFICE_APPOINT = word("任免书记和管理员", "Appoint and dismiss secretaries and officers")
    APPEAL_REVIEW = word("裁定向街镇的申诉", "Decide appeals to the street")
    APP_MANAGE = word("管理第三方应用", "Manage third-party apps")
    COMMUNITY_INSPECT = word("进入社区查看", "Look into a community")


# A person who scanned a community's code, and is not a member yet or not any more.
_GUEST = frozenset(
    {
        Scope.COMMUNITY_READ,
        Scope.BOARD_READ,
        Scope.MEMBER_READ,  # their own row only: a guest sees no other member
        Scope.MEMBER_APPLY,
        Scope.SELF_DATA,
        Scope.SELF_MANAGE,
        Scope.SESSION_MANAGE,
        Scope.PETITION_READ,  # public ones and their own
    }
)
_RESIDENT = frozenset(
    {
        Scope.COMMUNITY_READ,
        Scope.SELF_DATA,
        Scope.SELF_MANAGE,
        Scope.SESSION_MANAGE,
        Scope.MEMBER_READ,
        Scope.BOARD_READ,
        Scope.POST_WRITE,
        Scope.CONTENT_REPORT,
        Scope.PETITION_READ,
        Scope.PETITION_WRITE,
        Scope.VOTE_READ,
        Scope.VOTE_START,
        Scope.VOTE_CAST,
        Scope.AFFAIRS_ASK,
        Scope.PACT_READ,
        Scope.PACT_WRITE,
        Scope.TOPIC_READ,
        Scope.TOPIC_WRITE,
    }
)
_COMMITTEE = _RESIDENT | {
    Scope.POST_PIN,
    Scope.CONTENT_MODERATE,
    Scope.MEMBER_REVIEW,
    Scope.CONTACT_REVEAL,
    Scope.AUDIT_READ,
    Scope.PETITION_HANDLE,
    Scope.VOTE_MANAGE,
    Scope.AFFAIRS_PUBLISH,
    Scope.PACT_MANAGE,
    Scope.TOPIC_MANAGE,
    Scope.SPENDING_ATTEST,
}

# The scopes that a registered app may have: it reads what every member sees, and changes nothing.
APP_SCOPES = frozenset({Scope.COMMUNITY_READ, Scope.BOARD_READ, Scope.MEMBER_READ})

SCOPES_OF_ROLE: dict[Role, frozenset[Scope]] = {
    Role.GUEST: _GUEST,
    Role.RESIDENT: _RESIDENT,
    Role.COMMITTEE_MEMBER: _COMMITTEE,
    Role.PARTY_SECRETARY: _COMMITTEE
    | {
        Scope.MEMBER_MANAGE,
        Scope.BOARD_MANAGE,
        Scope.APPEAL_DECIDE,
        Scope.APP_MANAGE,
        Scope.PETITION_IMPORT,
        Scope.DUTY_MANAGE,
        Scope.VOTE_CERTIFY,
        Scope.TOPIC_SCREEN,
    },
    # A supervisor oversees the committee and is never part of it; a seat may also post on its one
    # board.
    Role.SUPERVISOR: _RESIDENT
    | {Scope.AUDIT_READ, Scope.VOTE_CERTIFY, Scope.AFFAIRS_CHECK, Scope.SPENDING_ATTEST},
    Role.SEAT: _RESIDENT,
    # what is a representative's, asking for a meeting and voting in it, is not a matter of scopes
    Role.REPRESENTATIVE: _RESIDENT,
    Role.DISTRICT_ADMIN: frozenset(
        {
            Scope.DISTRICT_READ,
            Scope.DISTRICT_MANAGE,
            Scope.OFFICE_APPOINT,
            Scope.APPEAL_REVIEW,
            Scope.APP_MANAGE,
            Scope.COMMUNITY_INSPECT,
            Scope.PETITION_READ,
            Scope.PETITION_HANDLE,
            Scope.PETITION_SUPERVISE,
            Scope.AFFAIRS_INVESTIGATE,
            Scope.PACT_REVIEW,
            Scope.SELF_DATA,
            Scope.SESSION_MANAGE,
        }
    ),
    Role.DEPARTMENT_HANDLER: frozenset(
        {
            Scope.DISTRICT_READ,
            Scope.PETITION_READ,
            Scope.PETITION_HANDLE,
            Scope.SELF_DATA,
            Scope.SESSION_MANAGE,
        }
    ),
    Role.APP: APP_SCOPES,
    # an officer who inspects one community, for a limited time and for a reason that its members
    # read
    Role.INSPECTOR: APP_SCOPES | {Scope.AUDIT_READ},
}


def scopes_of(roles: frozenset[Role]) -> frozenset[Scope]:
    """Return the union of the roles' scopes. Roles of one place add up; places never do."""
    return frozenset[Scope]().union(*(SCOPES_OF_ROLE[role] for role in roles))

"""Projects have these closed lists: states, events, sources of money, and how far a spending is."""

from tenants.words import Words, word


class ProjectState(Words):
    """项目的状态说明它进展到哪一步。The state of a project says how far it is."""

    PLANNED = word("已立项", "It is planned, with its budget and its milestones")
    UNDER_WAY = word("实施中", "It is being carried out")
    COMPLETED = word("已完工，评议中", "It is completed, and residents judge it")
    CLOSED = word("评议期满，已结项", "It was closed when the evaluation was over")
    CANCELLED = word("已取消", "It was cancelled, for a reason")


class ProjectAction(Words):
    """这件事发生在项目上。This happened to a project."""

    PLANNED = word("立项", "It was planned")
    STARTED = word("开工", "The work began")
    MILESTONE_REACHED = word("完成一个节点", "A milestone was reached")
    COMPLETED = word("完工", "It was completed")
    CLOSED = word("结项", "Its evaluation was over")
    CANCELLED = word("取消", "It was cancelled")


# The first three are those of 城市居民委员会组织法 42.
class FundSource(Words):
    """经费来自这里。The money comes from this source."""

    STREET = word("街道办事处拨付", "The street office pays it")
    VOLUNTARY_CONTRIBUTION = word("居民自愿筹集", "Residents give it of their own free will")
    UNIT = word("受益单位筹集", "It is given by units that benefit, by agreement")
    SELF_GOVERNANCE_FUND = word("自治金", "It comes from the self-governance fund")


class SpendingState(Words):
    """支出的状态说明它是否已经证明。The state of a spending says whether it is attested."""

    ENTERED = word("待两人证明", "It waits for two persons to attest it")
    ATTESTED = word("已经两人证明", "Two persons attested it")
    VOIDED = word("已作废，不计", "It is void and not counted")

"""Owners and what they own have these closed lists."""

from tenants.words import Words, word


# SPC interpretation (建筑物区分所有权), art. 2.
class PartKind(Words):
    """专有部分有这几类；车位是否计入依业主的议事规则。
    An exclusive part is of one of these kinds; the owners' own rules say whether parking spaces
    count.
    """

    DWELLING = word("住宅", "It is a dwelling")
    SHOP = word("商铺", "It is a shop")
    PARKING = word("车位", "It is a parking space")
    OTHER = word("其他", "It is something else")


# SPC interpretation, art. 8.
class AreaSource(Words):
    """面积依次取自登记、测绘、合同。
    An area is taken from the register, else from a survey, else from the contract.
    """

    REGISTER = word("不动产登记", "It comes from the land register")
    SURVEY = word("实际测绘", "It comes from a survey, where it is not registered yet")
    CONTRACT = word("买卖合同", "It comes from the contract of sale, where there is no survey")


class OwnerKind(Words):
    """业主或为个人，或为单位。An owner is a person or a company."""

    PERSON = word("个人", "It is a person")
    COMPANY = word("单位", "It is a company, which acts by an agent")


class Silence(Words):
    """业主的议事规则规定，已送达而未投票的业主怎样算。
    The owners' own rules say how an owner counts who was served a ballot and returned none.
    """

    NOTHING = word("不算参与表决", "They took no part")
    ABSTENTION = word("视为参与表决并弃权", "They took part and abstained")
    MAJORITY = word(
        "视为参与表决并同意多数意见", "They took part and join the majority of those who answered"
    )

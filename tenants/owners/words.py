"""The closed lists of owners and what they own."""

from tenants.words import Words, word


# SPC interpretation (建筑物区分所有权), art. 2.
class PartKind(Words):
    """专有部分有这几类；车位是否计入依业主的议事规则。
    An exclusive part is of one of these kinds; the owners' own rules say whether parking spaces
    count.
    """

    DWELLING = word("住宅", "A dwelling")
    SHOP = word("商铺", "A shop")
    PARKING = word("车位", "A parking space")
    OTHER = word("其他", "Something else")


# SPC interpretation, art. 8.
class AreaSource(Words):
    """面积依次取自登记、测绘、合同。
    An area is taken from the register, else from a survey, else from the contract.
    """

    REGISTER = word("不动产登记", "The land register")
    SURVEY = word("实际测绘", "A survey, where it is not registered yet")
    CONTRACT = word("买卖合同", "The contract of sale, where there is no survey")


class OwnerKind(Words):
    """业主或为个人，或为单位。An owner is a person or a company."""

    PERSON = word("个人", "A person")
    COMPANY = word("单位", "A company, which acts by an agent")


class Silence(Words):
    """业主的议事规则规定，已送达而未投票的业主怎样算。
    The owners' own rules say how an owner counts who was served a ballot and returned none.
    """

    NOTHING = word("不算参与表决", "Took no part")
    ABSTENTION = word("视为参与表决并弃权", "Took part, for nothing")
    MAJORITY = word(
        "视为参与表决并同意多数意见", "Took part, and joins the majority of those who answered"
    )

"""The closed lists of owners and what they own."""

from tenants.words import Words, word


class PartKind(Words):
    """What an exclusive part is; whether a parking space counts, the owners' own rules say (art. 2)."""

    DWELLING = word("住宅", "A dwelling")
    SHOP = word("商铺", "A shop")
    PARKING = word("车位", "A parking space")
    OTHER = word("其他", "Something else")


class AreaSource(Words):
    """Where an area comes from, in the order of SPC interpretation art. 8."""

    REGISTER = word("不动产登记", "The land register")
    SURVEY = word("实际测绘", "A survey, where it is not registered yet")
    CONTRACT = word("买卖合同", "The contract of sale, where there is no survey")


class OwnerKind(Words):
    """Who owns."""

    PERSON = word("个人", "A person")
    COMPANY = word("单位", "A company, which acts by an agent")


class Silence(Words):
    """What the owners' own rules make of an owner who was served a ballot and returned none."""

    NOTHING = word("不算参与表决", "Took no part")
    ABSTENTION = word("视为参与表决并弃权", "Took part, for nothing")
    MAJORITY = word(
        "视为参与表决并同意多数意见", "Took part, and joins the majority of those who answered"
    )

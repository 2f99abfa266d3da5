"""Phone numbers: however they are typed, kept as E.164 has them."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from tenants.text import folded

MAINLAND = "CN"
# A number as it may be typed, with blanks and marks around it.
_LONGEST = 40
# What may be a mobile number; some regions give both kinds of one range.
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def e164(text: str) -> str | None:
    """Give a mobile number in the form `+8613800138000`; None for what is none.

    Without a country's code it is of the mainland.
    """
    try:
        number = phonenumbers.parse(folded(text[:_LONGEST]), MAINLAND)
    except NumberParseException:
        return None
    is_mobile = phonenumbers.number_type(number) in _MOBILE and number.extension is None
    if len(text) > _LONGEST or not is_mobile:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_of_the_mainland(number: str) -> bool:
    """Say whether a number in E.164 is one that WeChat vouches for here."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) == MAINLAND


def mask(number: str) -> str:
    """Keep the last four figures of a number in E.164, and the country where it is another one."""
    parsed = phonenumbers.parse(number)
    figures = phonenumbers.national_significant_number(parsed)
    country = "" if is_of_the_mainland(number) else f"+{parsed.country_code} "
    return f"{country}{'*' * (len(figures) - 4)}{figures[-4:]}"

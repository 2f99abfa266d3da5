"""Parse and mask phone numbers; they are stored in E.164."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from tenants.text import folded

MAINLAND = "CN"
# The longest input that is parsed: a number with blanks and punctuation.
_LONGEST = 40
# Types that may be a mobile number; in some regions one range has both kinds.
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def e164(text: str) -> str | None:
    """Return a mobile number in the form `+8613800138000`, or None if the text is not one.

    A number without a country code belongs to the mainland.
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
    """Return whether a number in E.164 is from the mainland; WeChat verifies only those."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) == MAINLAND


def mask(number: str) -> str:
    """Keep the last four digits of a number in E.164, and the country code of a foreign one."""
    parsed = phonenumbers.parse(number)
    figures = phonenumbers.national_significant_number(parsed)
    country = "" if is_of_the_mainland(number) else f"+{parsed.country_code} "
    return f"{country}{'*' * (len(figures) - 4)}{figures[-4:]}"

"""Scrutineers of a secret vote are asked for their keys at a time, and missed after another.

Pure functions of the vote's row, and of a scrutineer's. All three keys open a vote, and two of them
the ballots. Three days before the close each is asked again: a scrutineer who lost the key is found
while the vote can still be voided.
"""

from datetime import datetime, timedelta

from tenants.procedure import Facts

# A secret vote opens once so many keys were shown, and so many open the ballots.
KEYS, ENOUGH = 3, 2
_ASKED, _ALARM = timedelta(days=3), timedelta(days=2)
# Programs look every few seconds, people when they are told.
_PATIENCE = timedelta(minutes=10)
_AHEAD = ("DRAFT", "NOTICED")


def lacks_keys(vote: Facts) -> bool:
    """Return whether a vote cannot open, because its scrutineers have not all shown their keys."""
    return vote["secrecy"] == "SECRET" and vote["keys_shown"] < KEYS


def is_at_risk(vote: Facts) -> bool:
    """Return whether too few scrutineers have shown their keys, or have shown them again."""
    return lacks_keys(vote) or (vote["secrecy"] == "SECRET" and vote["answering"] < ENOUGH)


def is_scrutiny(vote: Facts) -> bool:
    """Return whether scrutineers may have something to do: to show a key, or to open ballots."""
    return vote["secrecy"] == "SECRET" and vote["state"] in (*_AHEAD, "OPEN", "COUNTING")


def asked_from(closes_at: datetime) -> datetime:
    """Return from when on the scrutineers of a vote say again that they have their keys."""
    return closes_at - _ASKED


def is_asked(vote: Facts, scrutineer: Facts, now: datetime) -> bool:
    """Return whether a scrutineer is to show the keys now, for the first time or again."""
    if scrutineer["seal_key"] is None:
        return vote["state"] in _AHEAD
    is_live = vote["state"] in (*_AHEAD, "OPEN")
    return is_live and scrutineer["shown_at"] < asked_from(vote["closes_at"]) <= now


def alarm_at(vote: Facts) -> datetime | None:
    """Return when it is told that scrutineers are missing, if none comes before; None if not at all.

    Keys that were never shown are missed at the opening, or two days before the close if that is
    earlier; of an open vote, those that were not shown again, two days before the close, or at once.
    """
    if vote["alarmed_at"] is not None or not is_at_risk(vote):
        return None
    before_close = vote["closes_at"] - _ALARM
    if lacks_keys(vote):
        at = max(vote["created_at"] + _PATIENCE, min(vote["opens_at"], before_close))
    elif vote["state"] == "OPEN":
        at = max(vote["opens_at"], before_close)
    else:
        return None
    return at if at < vote["closes_at"] else None


def is_over(vote: Facts) -> bool:
    """Return whether nothing of a vote will be opened any more: it is void, or its result stands."""
    is_disputable = vote["state"] == "PUBLISHED"
    return vote["state"] == "VOID" or (vote["published_at"] is not None and not is_disputable)

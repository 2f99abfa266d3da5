"""What holds of secret votes at every commit and after every kill (I1 to I9), asked of the database."""

import gzip
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from tenants.votes.sealing import leaf
from tests.street import Make, Place

_ENVELOPES = (
    "select *, (select closes_at from tenant.vote v where v.id = vote_id) from tenant.vote_envelope"
)
_LISTS = "select vote_id, kind, content, xmin::text as made from tenant.vote_list"
_RESULTS = """
select r.*, r.xmin::text as made, t.votes, t.abstained, t.void, t.participating, v.method, v.options
  from tenant.vote_result r join tenant.vote v on v.id = r.vote_id
  join tenant.vote_tally t on t.vote_id = r.vote_id where v.secrecy = 'SECRET'"""


async def broken(make: Make, place: Place, receipts: Mapping[Any, list[str]]) -> list[str]:
    """Return what does not hold of the secret votes of a community; `receipts` are by vote and voter.

    The receipts of one voter are in the order in which they were given: the names of envelopes.
    """
    envelopes = await make.rows(place, _ENVELOPES)
    votes = {row["id"]: row for row in await make.rows(place, "select * from tenant.vote")}
    said: dict[Any, list[dict[str, Any]]] = {}
    for row in await make.rows(
        place, "select vote_id, body from tenant.vote_statement order by vote_id, number"
    ):
        said.setdefault(row["vote_id"], []).append(json.loads(row["body"]))
    lists = {(row["vote_id"], row["kind"]): row for row in await make.rows(place, _LISTS)}
    results = {row["vote_id"]: row for row in await make.rows(place, _RESULTS)}
    found = [*_of_envelopes(envelopes, receipts)]
    for vote, row in votes.items():
        if row["secrecy"] == "SECRET":
            own = [each for each in envelopes if each["vote_id"] == vote]
            of_vote = {kind: lists.get((vote, kind)) for kind in ("URN", "FILE")}
            found += _of_count(row, own, said.get(vote, []), of_vote, results.get(vote))
    return found


def _of_envelopes(envelopes: list[Any], receipts: Mapping[Any, list[str]]) -> list[str]:
    found: list[str] = []
    live = {(row["vote_id"], row["voter_id"]): row["hash"].hex() for row in envelopes}
    if len(live) != len(envelopes):
        found.append("I1: a voter with two envelopes")
    if any(row["cast_at"] >= row["closes_at"] for row in envelopes):
        found.append("I2: an envelope from after the close")
    for row in envelopes:
        if row["sealed"] is not None and row["hash"] != sha256(leaf(row["sealed"])).digest():
            found.append("I3: an envelope that is not what its receipt says")
        if json.loads(row["receipt"])["ballot"] != row["hash"].hex():
            found.append("I9: a receipt of another envelope")
    for voter, given in receipts.items():
        if live.get(voter) != given[-1]:
            found.append(f"I9: the last receipt of {voter} is of no live envelope")
    return found


def _of_count(
    vote: Any, own: list[Any], said: list[dict[str, Any]], lists: dict[str, Any], result: Any
) -> list[str]:
    found: list[str] = []
    closed = next((each for each in said if each["type"] == "closed"), None)
    opened = [each for each in said if each["type"] == "opened"]
    if closed is None:
        return ["I8: opened before the close"] if opened or lists["FILE"] else []
    urn = lists["URN"]["content"]
    leaves = [urn[at : at + 96] for at in range(0, len(urn), 96)]
    if {sha256(each).digest() for each in leaves} != {row["hash"] for row in own}:
        found.append("I3: the urn is not the envelopes of the close")
    if closed["count"] != len(own) or len(leaves) != len(own):
        found.append("I4: not as many in the urn as envelopes")
    return found if lists["FILE"] is None else found + _of_opened(vote, said, lists["FILE"], result)


def _of_opened(vote: Any, said: list[dict[str, Any]], kept: Any, result: Any) -> list[str]:
    (count,) = (each["count"] for each in said if each["type"] == "closed")
    opened = [each for each in said if each["type"] == "opened"]
    file = json.loads(gzip.decompress(kept["content"]))
    numbered, invalid = file["ballots"], len(file["invalid"])
    if result["outcome"] == "FAILED_QUORUM" and not opened:
        return ["I8: ballots that nobody opened"] if numbered or invalid else []
    lost = sum(each["repeated"] + len(each["unreadable"]) for each in opened)
    sums = sum(result["votes"]) + result["abstained"] + result["void"]
    is_plain = vote["method"] in ("SINGLE", "PROPOSAL")
    bodies = [json.loads(each["body"]) for each in file["statements"]]
    holds = {
        "I5: the count adds up": count == len(numbered) + invalid + lost,
        "I6: the votes add up": not is_plain or sums == result["participating"] == count,
        "I7: the ballots are in the order of their bytes": numbered == sorted(set(numbered)),
        "I7: the ballots were written at once": kept["made"] == result["made"],
        "I8: the file says what was said": bodies == said,
        "I8: two scrutineers opened them": len(opened) == 2,
    }
    return [what for what, is_so in holds.items() if not is_so]

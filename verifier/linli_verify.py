#!/usr/bin/env python3
"""Count a published Linli vote again, with Python alone: python3 linli_verify.py FILE [KEY [NUMBER]]
KEY is the server's public key as you know it from elsewhere; NUMBER shows the ballot that bears it. This shows that the
result follows from the lists, and who signed what; that the lists are what lay in the urn, each voter's number shows."""
import json, sys
from hashlib import sha256, sha512
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519: RFC 8032, 5.1
D = -121665 * pow(121666, -1, P) % P
def check(holds, text):
    if not holds: raise ValueError(text)
def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * D * p[3] * q[3], 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P
def times(n, p):
    return add(times(n >> 1, add(p, p)), p if n & 1 else (0, 1, 1, 0)) if n else (0, 1, 1, 0)
def point(raw):
    y = int.from_bytes(raw, "little") % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    roots = [pow(square, (P + 3) // 8, P) * pow(2, k * (P - 1) // 4, P) % P for k in range(4)]
    x = next((x for x in roots if (x * x - square) % P == 0 and x & 1 == raw[31] >> 7), None)
    check(x is not None and y < P, "not a point of the curve")
    return x, y, 1, x * y % P
def is_signed(key, signature, message):
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    k = int.from_bytes(sha512(r + key + message).digest(), "little") % L
    p, q = times(s, point(b"\x58" + b"\x66" * 31)), add(point(r), times(k, point(key)))
    return s < L and (p[0] * q[2] - q[0] * p[2]) % P == 0 == (p[1] * q[2] - q[1] * p[2]) % P
def root(leaves):  # of a tree as in RFC 6962, 2.1
    level = [sha256(b"\0" + leaf).digest() for leaf in leaves] or [sha256().digest()]
    while len(level) > 1:
        level = [sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2])] + level[len(level) // 2 * 2:]
    return level[0].hex()
def is_valid(paper, marks):
    used = sorted(m for m in marks if m)
    if paper["method"] == "CANDIDATES": return max(marks) <= 2 and used.count(1) <= paper["most"]
    wanted = list(range(1, len(used) + 1)) if paper["method"] == "RANKED" else [1] * len(used)
    return used == wanted and (not used or paper["least"] <= len(used) <= paper["most"])
def is_met(bar, part, whole):  # [">=", 2, 3, base]: whether the part is at least two thirds of the whole
    return whole > 0 and part * bar[2] - whole * bar[1] >= (1 if bar[0] == ">" else 0)
def seated(options, votes, seats):  # who has a seat, and whether equals want the last one
    sure = [n for n in options if sum(votes[o] >= votes[n] for o in options) <= seats]
    return sure, len(sure) < min(seats, len(options))
def run_off(ballots, options, lots):  # the last goes out; among equals the lot decides, but not between the last two
    alive, rounds = set(range(options)), []
    while True:
        firsts = [min((m[n], n) for n in alive if m[n])[1] for m in ballots if any(m[n] for n in alive)]
        rounds.append(votes := [firsts.count(n) for n in range(options)])
        if 2 * max(votes) > len(firsts): return rounds, [votes.index(max(votes))]
        if len(alive) <= 2 and len({votes[n] for n in alive}) == 1: return rounds, []
        alive -= {min(alive, key=lambda n: (votes[n], sha256(lots + bytes([n])).digest()))}
def recount(notice, attending, took_part, ballots, lots):
    options, rule, rounds = len(notice["options"]), notice["rule"], []
    votes = [sum(m[n] == 1 for m in ballots) for n in range(options)]
    came = {unit: {"ELIGIBLE": n, "PARTICIPATING": took_part, "ATTENDING": attending.get(unit)} for unit, n in notice["eligible"].items()}
    def all_met(bars, part):
        return all(is_met(bar, part(came[unit]), came[unit][bar[3]]) for unit, bar in bars.items())
    if rule is None:
        winners, tied = seated(range(options), votes, notice["seats"])
        if notice["method"] == "RANKED": rounds, winners = run_off(ballots, options, lots)
        outcome = "TIE" if (tied if not rounds else not winners) else "CHOSEN"
    else:
        able = [n for n in range(1 if notice["method"] == "PROPOSAL" else options) if n != notice["none_of_these"] and all_met(rule["passing"], lambda _: votes[n])]
        winners, tied = seated(able, votes, notice["seats"])
        outcome = "TIE" if tied else "PASSED" if winners else "FAILED_VOTES"
        if not all_met(rule["quorum"], lambda here: here[rule["counted"]]): winners, outcome = [], "FAILED_QUORUM"
    return {"outcome": outcome, "winners": winners, "rounds": rounds, "votes": dict.fromkeys(notice["eligible"], votes)}
def verify(file, key=None):  # returns what is counted; raises ValueError with the first thing that does not hold
    raws = [kept["body"].encode() for kept in file["statements"]]
    said = [json.loads(raw) for raw in raws]
    opens, before = [s for s in said if s["type"] == "opened"], ""
    check(file["format"] == "linli-vote-1" and [s["type"] for s in said if s["type"] != "extended"] == ["notice", "closed", *["opened"] * len(opens), "result"]
          and [s["by"] for s in opens] in ([], [1, 2], [1, 3], [2, 3]), "not the statements of a vote")
    notice, result, closed = said[0], said[-1], next(s for s in said if s["type"] == "closed")
    keys = [key or file["key"], *(holder["sign"] for holder in notice["holders"])]
    for raw, s, kept in zip(raws, said, file["statements"]):
        check(s["vote"] == notice["vote"] and s["previous"] == before, f"'{s['type']}' does not follow from what was said before")
        check((s["type"] == "opened") == (s["by"] > 0) and is_signed(bytes.fromhex(keys[s["by"]]), bytes.fromhex(kept["signature"]),
              b"linli vote v1\n" + raw), f"'{s['type']}' is not signed by its author")
        before = sha256(raw).hexdigest()
    urn, passed, invalid = ([bytes.fromhex(x) for x in file[name]] for name in ("urn", "passed", "invalid"))
    ballots, tag = [(bytes.fromhex(b[:16]), bytes.fromhex(b[16:])) for b in file["ballots"]], sha256(raws[0]).digest()[:8]
    opened = sorted(invalid + [sha256(tag + n + m + bytes(48 - len(m))).digest() for n, m in ballots])
    check(sum(closed["channels"].values()) == len(urn), "the channels do not add up")
    for name, rows, given, s in zip(("closed", "handed on", "opened"), (urn, passed, opened), (urn, urn, passed), [closed, *opens]):
        check(rows == sorted(set(rows)) and len(rows) == s["count"] and root(rows) == s["root"], f"not the list {name}")
        check(len(given) == len(rows) + s.get("repeated", 0) + len(s.get("unreadable", [])), f"{name}: does not add up")
    check(ballots == sorted(ballots) and invalid == sorted(invalid) and all(len(m) == len(notice["options"]) and is_valid(notice, m)
          for _, m in ballots), "a ballot is not allowed, or out of order")
    lots, marks = bytes.fromhex([closed, *opens][-1]["root"]), [m for _, m in ballots]
    found = {"valid": len(ballots)} | recount(notice, closed["attending"], len(urn), marks, lots)
    check({name: result.get(name) for name in found} == found, f"the recount gives {found}")
    check(opens or (found["outcome"] == "FAILED_QUORUM" and not passed and not opened), "the urn was not opened")
    return found
if __name__ == "__main__":
    read = json.load(open(sys.argv[1], encoding="utf-8"))
    print("Everything holds. Counted:", verify(read, *sys.argv[2:3]))
    print(*(list(bytes.fromhex(b[16:])) for b in read["ballots"] if b[:16] in sys.argv[3:]), sep="\n")

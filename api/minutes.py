"""Print the minutes of a meeting as one page, from what the API tells whoever asks.

`collect` yields the requests to send and is sent their answers, so that any client can drive it;
`page` prints what it returns.
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from api.minutes_queries import ATTENDANCE, MATTER, MEETING, PROXIES, ROLL
from api.printed import line, sheet, table, time
from tenants.votes.ballots import Unit
from tenants.votes.counting import Outcome
from tenants.votes.meetings import ObjectionKind, ObjectionState
from tenants.votes.rules import Seat, in_force
from tenants.votes.tables import VoteState
from tenants.votes.words import SQUARE_METRES, number, percent
from tenants.workdays import day_of

Facts = Mapping[str, Any]
Request = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Minutes:
    """It holds what minutes are made of: the meeting, its matters, its roll, who came, and proxies."""

    meeting: Facts
    matters: list[Facts]
    roll: list[Facts]
    attendance: list[Facts]
    proxies: list[Facts]


def collect(meeting_id: str) -> Generator[Request, Facts, Minutes]:
    """Yield requests, each with its variables; return the minutes from their answers.

    Raises LookupError if there is no such meeting for whoever asks.
    """
    meeting = (yield MEETING, {"id": meeting_id})["node"]
    if not meeting:
        raise LookupError(meeting_id)
    matters: list[Facts] = []
    for each in meeting["matters"]:
        answer = yield MATTER, {"id": each["id"]}
        matters.append(answer["node"])
    roll = yield from pages(ROLL, meeting_id, "roll")
    attendance = yield from pages(ATTENDANCE, meeting_id, "attendance")
    proxies = yield from pages(PROXIES, meeting_id, "proxies")
    return Minutes(meeting, matters, roll, attendance, proxies)


def pages(query: str, row_id: str, name: str) -> Generator[Request, Facts, list[Facts]]:
    """Yield the requests of a connection of a row, page by page; return all its nodes."""
    found: list[Facts] = []
    after = None
    while True:
        answer = yield query, {"id": row_id, "after": after}
        connection = answer["node"][name]
        found += connection["nodes"]
        if not connection["pageInfo"]["hasNextPage"]:
            return found
        after = connection["pageInfo"]["endCursor"]


def page(minutes: Minutes) -> str:
    """Return the page: HTML that needs nothing else, for A4."""
    meeting = minutes.meeting
    parts = [
        f"<h1>{escape(meeting['title'])}会议记录</h1>",
        *_head(minutes),
        "<h2>一、出席和委托</h2>", *_presence(minutes),
        "<h2>二、表决事项和结果</h2>", *(part for each in minutes.matters for part in _matter(each)),
        "<h2>三、异议及处理</h2>", *_objections(meeting),
        "<h2>四、签字</h2>", _signatures(),
    ]  # fmt: skip
    return sheet(f"{meeting['title']}会议记录", parts)


def _head(minutes: Minutes) -> Iterable[str]:
    meeting = minutes.meeting
    rule = in_force(meeting["ruleCode"], day_of(datetime.fromisoformat(meeting["opensAt"])))
    assert rule is not None  # noqa: S101 # it was drafted under one of that day
    area = sum(each["area"] or 0 for each in minutes.roll)
    yield line("组织", f"{rule.name}（{rule.source}）")
    if (assembly := meeting["assembly"]) is not None:
        yield line("物业区域", assembly["area"]["name"])
        yield line("业主的议事规则", _own_rules(assembly))
        yield line("召集人", _name(assembly["organiser"]))
        if assembly["toldOn"]:
            yield line(
                "书面告知居委会和房管机构", f"{assembly['toldOn']}，{assembly['toldDocument']}"
            )
    if meeting["partyRecord"]:
        yield line("党组织研究讨论", f"{meeting['partyDiscussedOn']}，{meeting['partyRecord']}")
    yield line("公告", time(meeting["noticedAt"]))
    yield line("开会", f"{time(meeting['heldAt'])}，{meeting['location']}")
    yield line("投票", f"{time(meeting['opensAt'])} 至 {time(meeting['closesAt'])}")
    if meeting["extendedAt"]:
        yield line("延期", f"{time(meeting['extendedAt'])}，{meeting['extensionReason']}")
    heads = f"{len(minutes.roll)} 户"
    yield line("名册", f"{heads}，共 {number(Unit.AREA, area)}" if area else heads)
    if meeting["agenda"]:
        yield line("议程", meeting["agenda"])


def _own_rules(assembly: Facts) -> str:
    if assembly["rulesFrom"] is None:
        return "没有登记，从严：沉默不算参与，不准线上投票，车位不计"
    silence = {
        "NOTHING": "未投票不算参与",
        "ABSTENTION": "未投票视为弃权",
        "MAJORITY": "未投票视为同意多数意见",
    }
    online = "准许线上投票" if assembly["isElectronicAdmitted"] else "不准线上投票"
    parking = "车位计入" if assembly["isParkingCounted"] else "车位不计"
    return f"{silence[assembly['silence']]}，{online}，{parking}（{assembly['rulesDecision']}）"


def _presence(minutes: Minutes) -> Iterable[str]:
    served = sum(each["service"] is not None for each in minutes.roll)
    yield f"<p>到会 {len(minutes.attendance)} 户，书面委托 {len(minutes.proxies)} 户，选票已送达 {served} 户。</p>"
    here = [(*_who(each["entry"]), "") for each in minutes.attendance]
    yield table(("到会", "专有部分", "签名"), here, kind="present")
    if minutes.proxies:
        rows = [
            (*_who(each["entry"]), _name(each["holder"]), each["document"])
            for each in minutes.proxies
        ]
        yield table(("委托人", "专有部分", "受托人", "书面依据"), rows)


def _matter(vote: Facts) -> Iterable[str]:
    state = VoteState(vote["state"])
    yield f"<h3>{escape(vote['question'])}</h3>"
    if vote["buildings"]:
        yield line("范围", f"仅{'、'.join(vote['buildings'])}的业主")
    yield line("状态", state.chinese)
    if (given := vote["authorisation"]) is not None:
        source = given["document"] or f"表决“{(given['vote'] or {}).get('question', '')}”"
        yield line("授权", f"{given['decidedOn']}，{source}")
    if vote["voidReason"]:
        yield line("作废理由", vote["voidReason"])
    result = vote["result"]
    if result is None:
        return
    outcome = Outcome[result["outcome"]]
    winners = "、".join(vote["options"][n]["label"] for n in result["winners"])
    said = (
        f"{outcome.chinese}（{winners}）"
        if winners and len(vote["options"]) > 2
        else outcome.chinese
    )
    before = "作废之前的计票：" if state is VoteState.VOID else ""
    yield f"<p><strong>{escape(before + said)}</strong></p>"
    labels = [each["label"] for each in vote["options"]]
    yield table(
        ("", "名册", "参与", *labels, "弃权", "废票", "纸质", "上门", "委托", "已送达未投"),
        [_tally(each) for each in result["tallies"]],
        kind="count",
    )
    items = "".join(
        f"<li{'' if step['isMet'] else ' class=no'}>{'✔' if step['isMet'] else '✘'} "
        f"{escape(step['sentence'])}</li>"
        for step in result["trace"]
    )
    yield f"<ul>{items}</ul>"
    if vote["certifications"]:
        seats = (
            f"{Seat(each['seat']).chinese}{_name(each['certifiedBy'])}（{time(each['certifiedAt'])}）"
            for each in vote["certifications"]
        )
        yield line("确认", "、".join(seats))


def _tally(tally: Facts) -> tuple[str, ...]:
    """Return a row of the count; an area is in square metres, as the first cell says."""
    unit = Unit[tally["unit"]]

    def told(amount: int) -> str:
        return number(unit, amount).removesuffix(SQUARE_METRES)

    votes = [
        f"{told(votes)}（反对 {told(against)}）" if against else told(votes)
        for votes, against in zip(tally["votes"], tally["against"], strict=True)
    ]
    share = percent(tally["participating"], tally["eligible"])
    rest = ("abstained", "void", "onPaper", "assisted", "byProxy", "silent")
    return (
        f"{unit.chinese}（平方米）" if unit is Unit.AREA else unit.chinese,
        told(tally["eligible"]), f"{told(tally['participating'])}（{share}）", *votes,
        *(told(tally[name]) for name in rest),
    )  # fmt: skip


def _objections(meeting: Facts) -> Iterable[str]:
    found = meeting["objections"]["nodes"]
    if not found:
        yield "<p>没有异议。</p>"
        return
    rows = [
        (
            ObjectionKind[each["kind"]].chinese, _name(each["author"]), each["body"],
            ObjectionState[each["state"]].chinese, each["decisionReason"] or "",
        )
        for each in found
    ]  # fmt: skip
    yield table(("类别", "提出人", "内容", "裁定", "理由"), rows)


def _signatures() -> str:
    roles = ("召集人", "记录人", "计票人", "监票人", "确认人", "日期")
    return f'<div class="sign">{"".join(f"<div>{each}：<span>&nbsp;</span></div>" for each in roles)}</div>'


def _who(entry: Facts | None) -> tuple[str, str]:
    """Return the names and the parts of an entry of the roll."""
    if entry is None:
        return "", ""
    names = [owner["name"] for owner in entry["owners"]]
    if not names:
        names = ["开发商"] if entry["area"] else [_name(entry["voter"])]
    parts = [f"{each['building']}{each['room']}" for each in entry["parts"]]
    return "、".join(names), "、".join(parts)


def _name(member: Facts | None) -> str:
    return "已迁出" if member is None else member["displayName"]

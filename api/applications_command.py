"""`linli applications`: list the applications for membership, and approve or return them."""

from collections.abc import Callable
from itertools import chain
from typing import Annotated, Any

import typer

from api.remote import Failed, Remote, Token
from api.session import In, Json, Place, Where, in_each, places, signed_in
from api.terminal import as_json, fail, local, out, report, table
from tenants.membership.tables import MemberState
from tenants.scopes import Scope

app = typer.Typer(no_args_is_help=True, help="Applications for membership, through the API.")

_LIST = """query ($state: MemberState!, $after: Cursor) {
  applications(first: 50, after: $after, state: $state) {
    nodes { id displayName building state
            record { kind identityCheck submittedAt reviewDueAt isReviewOverdue samePhoneCount } }
    pageInfo { hasNextPage endCursor } } }"""
_APPROVE = """mutation ($input: ApproveMemberInput!) { approveMember(input: $input) {
  userErrors { code message path } } }"""
_RETURN = """mutation ($input: ReturnMemberInput!) { returnMember(input: $input) {
  userErrors { code message path } } }"""
_COLUMNS = ("id", "name", "building", "kind", "identity", "due", "community")

Ids = Annotated[list[str], typer.Argument(help="The applicants' ids, as `list` shows them.")]
State = Annotated[MemberState, typer.Option(help="How far they are.")]
Reason = Annotated[str, typer.Option(help="Why, which the applicant reads.")]


@app.command("list")
def list_command(
    state: State = MemberState.UNDER_REVIEW,
    community: In = None,
    json: Json = False,
    url: Where = None,
    token: Token = None,
) -> None:
    """List who waits, oldest first. The token needs member:review, and community:read.

    A community that refuses stops no other: it is named at the end, and the command fails.
    """

    def listed(place: Place) -> list[dict[str, Any]]:
        here = {"community": {"id": place.org, "name": place.name}}
        rows = place.remote.pages(_LIST, "applications", state=state)
        return [{**here, **each} for each in rows]

    try:
        done, refused = in_each(url, token, community, Scope.MEMBER_REVIEW, listed)
    except Failed as error:
        fail(str(error))
    found = list(chain.from_iterable(done))
    if json:
        as_json(found)
    else:
        table(_COLUMNS, map(_row, found))
    report(refused)


@app.command()
def approve(ids: Ids, community: In = None, url: Where = None, token: Token = None) -> None:
    """Let applicants in. Each is told by itself; the command fails where any was refused."""
    _answer(ids, url, token, community, lambda remote, who: remote.change(_APPROVE, _of(who)))


@app.command("return")
def return_command(
    ids: Ids, reason: Reason, community: In = None, url: Where = None, token: Token = None
) -> None:
    """Send applications back with the reason."""
    _answer(
        ids, url, token, community,
        lambda remote, who: remote.change(_RETURN, {**_of(who), "reason": reason}),
    )  # fmt: skip


def _answer(
    ids: list[str],
    url: str | None,
    token: str | None,
    community: list[str] | None,
    change: Callable[[Remote, str], Any],
) -> None:
    refused: list[str] = []
    try:
        with places(url, token, community, Scope.MEMBER_REVIEW) as found:
            for who in dict.fromkeys(ids):
                try:
                    _answered(found, who, change)
                except Failed as error:
                    refused.append(f"{who} {error}")
    except Failed as error:
        fail(str(error))
    report(refused)


def _answered(
    found: list[tuple[str, Place | None]], who: str, change: Callable[[Remote, str], Any]
) -> None:
    """Answer one applicant in the place that knows them; else raise the most specific refusal."""
    refusal = Failed("NOT_FOUND", "no such applicant")
    for _, each in found:
        try:
            place = signed_in(each)
            change(place.remote, who)
        except Failed as error:
            if refusal.code == "NOT_FOUND":
                refusal = error
        else:
            out.print(f"{who} {place.name}: done", markup=False)
            return
    raise refusal


def _of(member_id: str) -> dict[str, str]:
    return {"memberId": member_id}


def _row(each: dict[str, Any]) -> tuple[str, ...]:
    record = each["record"] or {}
    due = local(record["reviewDueAt"]) if record.get("reviewDueAt") else ""
    late = " late" if record.get("isReviewOverdue") else ""
    return (
        each["id"],
        each["displayName"],
        each["building"] or "",
        record.get("kind") or "",
        record.get("identityCheck") or "",
        f"{due}{late}",
        each["community"]["name"],
    )

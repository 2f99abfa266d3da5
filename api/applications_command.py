"""`linli applications`: who asks to be let in, and the committee's answer."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from api.remote import Failed, Remote, Token
from api.session import In, Json, Place, Where, signed_in_places
from api.terminal import as_json, err, fail, out, table
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
    """List who waits, oldest first. The token needs member:review."""
    try:
        with signed_in_places(url, token, community, Scope.MEMBER_REVIEW) as here:
            found = [
                {"community": {"id": place.org, "name": place.name}, **each}
                for place in here
                for each in place.remote.pages(_LIST, "applications", state=state)
            ]
    except Failed as error:
        fail(str(error))
    if json:
        return as_json(found)
    return table(_COLUMNS, map(_row, found))


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
    try:
        with signed_in_places(url, token, community, Scope.MEMBER_REVIEW) as here:
            refused = [who for who in dict.fromkeys(ids) if not _answered(here, who, change)]
    except Failed as error:
        fail(str(error))
    if refused:
        raise typer.Exit(1)


def _answered(here: list[Place], who: str, change: Callable[[Remote, str], Any]) -> bool:
    """Answer one applicant, in whichever place knows them; says so, or why not."""
    refusal = Failed("NOT_FOUND", "no such applicant")
    for place in here:
        try:
            change(place.remote, who)
        except Failed as error:
            refusal = error
            if error.code != "NOT_FOUND":
                break
        else:
            out.print(f"{who} {place.name}: done", markup=False)
            return True
    err.print(f"{who} {refusal}", style="red", markup=False)
    return False


def _of(member_id: str) -> dict[str, str]:
    return {"memberId": member_id}


def _row(each: dict[str, Any]) -> tuple[str, ...]:
    record = each["record"] or {}
    due = (record.get("reviewDueAt") or "")[:16]
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

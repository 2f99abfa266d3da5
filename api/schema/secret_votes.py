"""Secret votes: who keeps the keys, the notice, the voter's own receipt, and the scrutineers' verbs."""

from datetime import datetime
from uuid import UUID

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type, one, published
from api.engine.extend import extend
from api.engine.inputs import field, ref
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.votes import Vote
from tenants.columns import VIEWER
from tenants.membership.tables import members
from tenants.votes import procedure, views
from tenants.votes.secret.tables import Side, envelopes, scrutineers, statements
from tenants.votes.service.secret import appointing
from tenants.votes.tables import votes

published(Side, "ScrutineerSide")


@object_type
class VoteScrutineer:
    """监票人掌管秘密投票三把密钥之一；任何两位合起来可以开票，一位不能。
    A scrutineer keeps one of the three keys of a secret vote; any two of them can open it, and
    one alone cannot.
    """

    number: int = column("第几位，1–3。Which of the three.", scrutineers.c.place)
    name: str = column("名称。Their name.", scrutineers.c.name)
    side: Side = column("代表哪一方。On whose behalf.", scrutineers.c.side)
    seal_key: str | None = column(
        "选票封给哪把公钥（X25519，十六进制）；未出示则为空。\n"
        "The public key that ballots are sealed to (X25519, hexadecimal); null until it is shown.",
        views.seal_key,
    )
    sign_key: str | None = column(
        "验其签名的公钥（Ed25519，十六进制）。Checks what they sign (Ed25519, hexadecimal).",
        views.sign_key,
    )
    shown_at: datetime | None = column(
        "最近一次出示密钥的时间。When they last showed that they hold it.", scrutineers.c.shown_at
    )
    destroyed_at: datetime | None = column(
        "自述销毁密钥的时间；无从证明。When they said that it is destroyed, which nothing proves.",
        scrutineers.c.destroyed_at,
    )


@object_type
class VoteNotice:
    """秘密投票的公告由服务器签名；选票按它的 SHA-256 和其中三把公钥封好。
    The server signs the notice of a secret vote; ballots are sealed by its SHA-256 and by the
    three public keys in it.
    """

    body: str = column(
        "规范 JSON（RFC 8785），签的就是它。Canonical JSON (RFC 8785), as it was signed.",
        statements.c.body,
    )
    signature: str = column(
        "服务器的签名（Ed25519，十六进制）。The server's signature (Ed25519, hexadecimal).",
        views.statement_signature,
    )


@object_type
class OwnEnvelope:
    """这是您的密封选票：服务器打不开，只有您看得到。
    This is your sealed ballot: the server cannot open it, and only you see it.
    """

    hash: str = column(
        "信封的 SHA-256（十六进制），与手机里存的核对。Its name: compare it with what your device keeps.",
        views.envelope_hash,
    )
    first_at: datetime = column("首次投票时间。When you first voted.", envelopes.c.first_at)
    cast_at: datetime = column("最近一次投票时间。When you cast it.", envelopes.c.cast_at)
    version: int = column(
        "版本；改票时作为 `replaces` 交回。Its version: hand it back as `replaces` to change it.",
        envelopes.c.version,
    )
    receipt: str = column(
        "回执：时间、信封、投票。The receipt: when, which envelope, which vote.",
        envelopes.c.receipt,
    )
    signature: str = column(
        "服务器对回执的签名（Ed25519，十六进制）。The server's signature of it (Ed25519, hexadecimal).",
        views.receipt_signature,
    )


@extend(Vote)
class OfVote:
    """What only a secret vote has."""

    scrutineers: list[VoteScrutineer] = bound(
        "监票人；记名投票没有。Who keeps the keys; nobody of a recorded vote.",
        b.Rows(table=scrutineers, on={"vote_id": votes.c.id}, order=(scrutineers.c.place,), most=3),
    )
    notice: VoteNotice | None = one(
        "公告；秘密投票开始后才有。The notice of a secret vote, from its opening on.",
        statements,
        {"vote_id": votes.c.id, "number": views.first_statement},
    )
    viewer_envelope: OwnEnvelope | None = one(
        "您的密封选票；没投则为空。Your sealed ballot; null if you have not voted.",
        envelopes,
        {"vote_id": votes.c.id, "voter_id": VIEWER},
    )
    file_path: str | None = column(
        "公布的文件在本服务器上的路径，公布后任何人可下载重数；记名投票没有。\n"
        "The path of the published file on this server: once the result is published, anybody may count "
        "again. Null of a recorded vote.",
        views.file_path,
    )


_VOTE = {"vote": link(Vote, votes, "该投票。The vote.")}


@verb(procedure.APPOINT_SCRUTINEER, _VOTE, appointing.appoint)
class AppointScrutineer:
    """为秘密表决指定一位监票人，须在公告之前指定三位，来自至少两方；出示密钥之前可以换人。
    Appoint a scrutineer of a secret decision: three before its notice, from two sides at least. Until the \
keys of a place are shown, it may be given to somebody else.
    """

    vote_id: UUID = ref(votes, "表决。The vote.")
    number: int = field("第几位，1–3。Which of the three.")
    member_id: UUID = ref(members, "由谁担任。Who it is.")
    side: Side = field("代表哪一方；不能是 PROGRAM。On whose behalf; not PROGRAM.")


@verb(procedure.ACCEPT_SCRUTINY, _VOTE, appointing.accept)
class AcceptScrutiny:
    """接受监票，出示 `linli scrutineer new` 在您自己机器上生成的公钥；私钥不离开那台机器。
    Accept to be a scrutineer, with the public keys that `linli scrutineer new` made on your own machine; \
the secret ones never leave it.
    """

    vote_id: UUID = ref(votes, "投票。The vote.")
    seal_key: str = field(
        "封票公钥，64 位十六进制。The key that ballots are sealed to, 64 hex digits."
    )
    sign_key: str = field("签名公钥，64 位十六进制。The key that checks signatures, 64 hex digits.")
    signature: str = field("用签名密钥所作的签名，128 位十六进制。Their signature, 128 hex digits.")

"""A secret vote has key keepers, a notice, the voter's own receipt, and the scrutineers' mutations."""

from datetime import datetime
from uuid import UUID

from api.engine.declare import bound, column, object_type, one, published
from api.engine.extend import extend
from api.engine.inputs import field, ref
from api.engine.lists import rows_of
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

    number: int = column(
        "它说明这是第几位监票人，1–3。It says which of the three scrutineers this is, from 1.",
        scrutineers.c.place,
    )
    name: str = column("这是监票人的名称。This is the scrutineer's name.", scrutineers.c.name)
    side: Side = column(
        "监票人代表这一方。The scrutineer acts on behalf of this side.", scrutineers.c.side
    )
    seal_key: str | None = column(
        "选票封给这把公钥（X25519，十六进制）；未出示则为空。\n"
        "Ballots are sealed to this public key (X25519, hexadecimal); it is null until it is "
        "shown.",
        views.seal_key,
    )
    sign_key: str | None = column(
        "这把公钥验监票人的签名（Ed25519，十六进制）。\n"
        "This public key checks what they sign (Ed25519, hexadecimal).",
        views.sign_key,
    )
    shown_at: datetime | None = column(
        "监票人最近在这时出示密钥。They last showed at this time that they hold the keys.",
        scrutineers.c.shown_at,
    )
    destroyed_at: datetime | None = column(
        "监票人自述在这时销毁密钥；无从证明。\n"
        "They said that they destroyed the keys at this time; nothing proves it.",
        scrutineers.c.destroyed_at,
    )


@object_type
class VoteNotice:
    """秘密投票的公告由服务器签名；选票按它的 SHA-256 和其中三把公钥封好。
    The server signs the notice of a secret vote; ballots are sealed by its SHA-256 and by the
    three public keys in it.
    """

    body: str = column(
        "这是签名所签的规范 JSON（RFC 8785）。"
        "This is the canonical JSON (RFC 8785) that was signed.",
        statements.c.body,
    )
    signature: str = column(
        "这是服务器的签名（Ed25519，十六进制）。"
        "This is the server's signature (Ed25519, hexadecimal).",
        views.statement_signature,
    )


@object_type
class OwnEnvelope:
    """这是您的密封选票：服务器打不开，只有您看得到。
    This is your sealed ballot: the server cannot open it, and only you see it.
    """

    hash: str = column(
        "这是信封的 SHA-256（十六进制），与手机里存的核对。\n"
        "This is the envelope's SHA-256 (hexadecimal); compare it with what your device "
        "keeps.",
        views.envelope_hash,
    )
    first_at: datetime = column("您在这时首次投票。You first voted then.", envelopes.c.first_at)
    cast_at: datetime = column("您最近在这时投票。You last voted then.", envelopes.c.cast_at)
    version: int = column(
        "改票时作为 `replaces` 交回这个版本。"
        "Hand this version back as `replaces` to change the ballot.",
        envelopes.c.version,
    )
    receipt: str = column(
        "这是回执，写有时间、信封和投票。"
        "This is the receipt; it says when, which envelope and which vote.",
        envelopes.c.receipt,
    )
    signature: str = column(
        "这是服务器对回执的签名（Ed25519，十六进制）。\n"
        "This is the server's signature of the receipt (Ed25519, hexadecimal).",
        views.receipt_signature,
    )


@extend(Vote)
class OfVote:
    """It adds what only a secret vote has."""

    scrutineers: list[VoteScrutineer] = bound(
        "这里列出监票人；记名投票没有。"
        "This lists who keeps the keys; it is empty of a recorded vote.",
        rows_of(scrutineers, {"vote_id": votes.c.id}, scrutineers.c.place, most=3),
    )
    notice: VoteNotice | None = one(
        "这是公告；秘密投票开始后才有。This is the notice of a secret vote, from its opening on.",
        statements,
        {"vote_id": votes.c.id, "number": views.first_statement},
    )
    viewer_envelope: OwnEnvelope | None = one(
        "这是您的密封选票；没投则为空。"
        "This is your sealed ballot; it is null if you have not voted.",
        envelopes,
        {"vote_id": votes.c.id, "voter_id": VIEWER},
    )
    alarmed_at: datetime | None = column(
        (
            "从这时起监票人未到位：出示密钥的太少，秘密投票可能开不了票。到位后为空。\n"
            "Since then scrutineers are missing: too few have shown their keys, and a secret vote might "
            "not be counted. It is null once they have."
        ),
        votes.c.alarmed_at,
    )
    file_path: str | None = column(
        "公布的文件在本服务器的这个路径，公布后任何人可下载重数；记名投票没有。\n"
        "The published file is at this path of this server: once the result is published, "
        "anybody may count again. It is null of a recorded vote.",
        views.file_path,
    )


_VOTE = {"vote": link(Vote, votes)}


@verb(procedure.APPOINT_SCRUTINEER, _VOTE, appointing.appoint)
class AppointScrutineer:
    """为秘密表决指定一位监票人，须在公告之前指定三位，来自至少两方；出示密钥之前可以换人。
    Appoint a scrutineer of a secret decision: three before its notice, from two sides at least. Until the \
keys of a place are shown, it may be given to somebody else.
    """

    vote_id: UUID = ref(votes)
    number: int = field("填写第几位，1–3。Give which of the three it is, from 1 to 3.")
    member_id: UUID = ref(members, "填写监票人的标识。Give the id of the member.")
    side: Side = field(
        "选择代表哪一方；不能是 PROGRAM。Choose on whose behalf; it cannot be PROGRAM."
    )


@verb(procedure.ACCEPT_SCRUTINY, _VOTE, appointing.accept)
class AcceptScrutiny:
    """接受监票，出示 `linli scrutineer new` 在您自己机器上生成的公钥；私钥不离开那台机器。
    Accept to be a scrutineer, with the public keys that `linli scrutineer new` made on your own machine; \
the secret ones never leave it.
    """

    vote_id: UUID = ref(votes)
    seal_key: str = field(
        "填写封票公钥，64 位十六进制。Give the key that ballots are sealed to, in 64 hex digits."
    )
    sign_key: str = field(
        "填写签名公钥，64 位十六进制。Give the key that checks signatures, in 64 hex digits."
    )
    signature: str = field(
        "填写用签名密钥所作的签名，128 位十六进制。Give their signature, in 128 hex digits."
    )

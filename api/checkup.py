"""`linli doctor` names each setting that is missing, wrong or misspelt.

It asks what the settings lead to: the storage of images, WeChat, the provider and the text check.
"""

import os
import secrets
import shutil
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError

from api.environment import NAMES
from api.oidc import Provider, ProviderUnavailable
from api.settings import Settings
from api.textcheck import HttpTextCheck
from api.wechat import WeChat, WeChatUnavailable
from tenants.boards.service.check import Verdict
from tenants.doctor import Finding
from tenants.files import Files

_LEAST_SPACE = 1 << 30
_LOCAL = {"127.0.0.1", "localhost", "::1", ""}


async def examine_settings(settings: Settings) -> list[Finding]:
    """Check the settings and what they lead to. Only storage that cannot be written is grave."""
    findings = [*_misspelt(), *_address(settings), *_ways_in(settings), *_space(settings)]
    asked: list[Callable[[Settings], Awaitable[list[Finding]]]] = [
        examine_storage, _wechat, _provider, _text_check,
    ]  # fmt: skip
    for ask in asked:
        findings += await ask(settings)
    return findings


def _misspelt() -> list[Finding]:
    unknown = sorted(name for name in os.environ if name.startswith("LINLI_") and name not in NAMES)
    return [_note(f"{name} is no setting: is it misspelt?") for name in unknown]


def _address(settings: Settings) -> list[Finding]:
    parts = urlsplit(settings.public_url)
    if settings.demo:
        return [_note("LINLI_DEMO is on: anybody signs in as anybody. Never in production.")]
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        return [
            _note(
                f"LINLI_PUBLIC_URL must be https://… without a path, not {settings.public_url!r}."
            )
        ]
    if parts.hostname in _LOCAL:
        return [_note(
            f"LINLI_PUBLIC_URL is {settings.public_url}: QR codes and invitations lead nobody here."
        )]  # fmt: skip
    if parts.scheme == "http":
        return [_note("LINLI_PUBLIC_URL has no TLS: tokens and names travel unencrypted.")]
    if not settings.trusted_proxies:
        return [_note(
            "LINLI_PUBLIC_URL is https, so a proxy stands before this server, and "
            "LINLI_TRUSTED_PROXIES names none: all people would share one budget for signing in."
        )]  # fmt: skip
    return []


def _ways_in(settings: Settings) -> list[Finding]:
    findings: list[Finding] = []
    if bool(settings.wechat_appid) != bool(settings.wechat_secret):
        findings.append(_note("LINLI_WECHAT_APPID and LINLI_WECHAT_SECRET need each other."))
    if settings.oidc_issuer and not settings.oidc_client_id:
        findings.append(_note("LINLI_OIDC_ISSUER needs LINLI_OIDC_CLIENT_ID."))
    if not settings.demo and not settings.wechat_appid and not settings.oidc_issuer:
        findings.append(_note(
            "Neither LINLI_WECHAT_APPID nor LINLI_OIDC_ISSUER is set: only invited officers can sign in."
        ))  # fmt: skip
    if settings.database_url and not settings.role_password:
        findings.append(_note(
            "LINLI_ROLE_PASSWORD is not set: whoever reaches the database may log in as its roles."
        ))  # fmt: skip
    return findings


def _space(settings: Settings) -> list[Finding]:
    free = shutil.disk_usage(settings.data).free
    if free < _LEAST_SPACE:
        return [_note(f"{settings.data} has {free >> 20} MB left: changes fail when it is full.")]
    return []


async def examine_storage(settings: Settings) -> list[Finding]:
    """Check that images can be stored, read and deleted."""
    name = f"doctor/{secrets.token_hex(8)}"
    try:
        store = Files.at(settings.files).store
        await obstore.put_async(store, name, b"linli")
        found = await obstore.get_async(store, name)
        is_kept = bytes(await found.bytes_async()) == b"linli"
        await obstore.delete_async(store, name)
    except (BaseError, OSError, ValueError) as error:
        text = str(error).strip().partition("\n")[0]
        return [Finding(True, f"Images cannot be stored at {settings.files}: {text}")]
    if not is_kept:
        return [Finding(True, f"The storage at {settings.files} does not keep what is written.")]
    return []


async def _wechat(settings: Settings) -> list[Finding]:
    if not (settings.wechat_appid and settings.wechat_secret):
        return []
    wechat = WeChat(settings.wechat_url, settings.wechat_appid, settings.wechat_secret)
    try:
        await wechat.prove()
    except WeChatUnavailable:
        return [_note(
            f"{settings.wechat_url} does not take LINLI_WECHAT_APPID and LINLI_WECHAT_SECRET, "
            "or cannot be reached."
        )]  # fmt: skip
    finally:
        await wechat.close()
    return []


async def _provider(settings: Settings) -> list[Finding]:
    if not settings.oidc_issuer:
        return []
    provider = Provider(settings.oidc_issuer, settings.oidc_client_id, "", "")
    try:
        await provider.begin()
    except ProviderUnavailable:
        return [
            _note(f"LINLI_OIDC_ISSUER {settings.oidc_issuer} does not say how to sign in there.")
        ]
    finally:
        await provider.close()
    return []


async def _text_check(settings: Settings) -> list[Finding]:
    if not settings.text_check_url:
        return (
            []
            if settings.demo
            else [_note("LINLI_TEXT_CHECK_URL is not set: texts are shown unchecked.")]
        )
    check = HttpTextCheck(settings.text_check_url)
    verdict = await check.check("你好")
    await check.close()
    if verdict is Verdict.PASS:
        return []
    return [_note(f"{settings.text_check_url} does not pass a greeting: every text would be held.")]


def _note(text: str) -> Finding:
    return Finding(False, text)

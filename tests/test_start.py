"""The server refuses to start over a database that cannot keep its promises."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import psycopg
import pytest
from alembic import command
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from api.app import NotFit, create_app
from api.settings import Settings
from demo.wechat import APPID, SECRET
from tenants.db import Database
from tenants.doctor import Finding, examine
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tenants.migrate import VERSION_TABLE, alembic, head, migrate
from tenants.viewer import Principal
from tests.api.test_wechat import serving
from tests.linli import Linli

Spoil = list[str]

# The fault, its repair, and the message, which says what to do.
SPOILT = {
    "a superuser": (
        ["alter role linli_app superuser"],
        ["alter role linli_app nosuperuser"],
        "linli_app is a superuser: row security is ignored. Run `alter role linli_app nosuperuser`.",
    ),
    "a district's superuser": (
        ["alter role linli_district superuser"],
        ["alter role linli_district nosuperuser"],
        "linli_district is a superuser: row security is ignored. "
        "Run `alter role linli_district nosuperuser`.",
    ),
    "bypassrls": (
        ["alter role linli_app bypassrls"],
        ["alter role linli_app nobypassrls"],
        "linli_app has BYPASSRLS: row security is ignored. Run `alter role linli_app nobypassrls`.",
    ),
    "a way to the role of backups": (
        ["grant linli_backup to linli_app"],
        ["revoke linli_backup from linli_app"],
        "linli_app may become linli_backup, which reads everything. "
        "Run `revoke linli_backup from linli_app`.",
    ),
    "row security disabled": (
        ["alter table tenant.post disable row level security"],
        ["alter table tenant.post enable row level security"],
        "tenant.post has no forced row security. Run `alter table tenant.post "
        "enable row level security, force row level security`.",
    ),
    "row security not forced": (
        ["alter table tenant.post no force row level security"],
        ["alter table tenant.post force row level security"],
        "tenant.post has no forced row security. Run `alter table tenant.post "
        "enable row level security, force row level security`.",
    ),
    "a new table without a wall": (
        ["create table tenant.unwalled (community_id int)"],
        ["drop table tenant.unwalled"],
        "tenant.unwalled has no forced row security. Run `alter table tenant.unwalled "
        "enable row level security, force row level security`.",
    ),
}
WRONG_POLICY = (
    "tenant.post must have one permissive policy for each role, bound to the tenant or the "
    "district: make its policies what its file in migrations/versions says."
)
ONE_TENANT = (
    "create policy one_tenant on tenant.post to linli_app "
    "using (community_id = current_setting('app.community_id')::int)"
)
POLICIES = {
    "no policy": [],
    "two policies": [ONE_TENANT, ONE_TENANT.replace("one_tenant", "another")],
    "a restrictive policy": [ONE_TENANT.replace("to linli_app", "as restrictive to linli_app")],
    "a policy that is true": ["create policy open on tenant.post to linli_app using (true)"],
    "a policy with a way round": [ONE_TENANT.replace("::int)", "::int or state = 'HELD')")],
    "a policy that checks nothing written": [f"{ONE_TENANT} with check (true)"],
}


@pytest.fixture(scope="module")
def own(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Give a PostgreSQL for this file only, since roles and settings belong to the whole cluster."""
    made = Cluster(tmp_path_factory.mktemp("spoilt"), cluster.binaries)
    made.start()
    migrate(made.url())
    yield made
    made.stop()


@pytest.fixture(scope="module")
def chosen(own: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give settings of a server on it."""
    return Settings(data=tmp_path_factory.mktemp("data"), database_url=own.url(), pool_size=1)


def run(own: Cluster, statements: list[str]) -> None:
    """Run statements as a superuser."""
    with psycopg.connect(own.url(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


async def told(chosen: Settings) -> str:
    """Return the message of the server's refusal to start."""
    application = create_app(chosen)
    with pytest.raises(NotFit) as refusal:
        async with application.router.lifespan_context(application):
            pytest.fail("the server started")
    return str(refusal.value)


async def found(chosen: Settings) -> list[Finding]:
    """Return the findings of the doctor."""
    database = await Database.connect(chosen.role_urls(), DOMAINS, size=1, statements=10)
    try:
        return await examine(database)
    finally:
        await database.close()


@asynccontextmanager
async def spoilt(own: Cluster, chosen: Settings, by: Spoil, mend: Spoil) -> AsyncGenerator[str]:
    """Yield the refusal to start with this fault; assert that the repair helps."""
    run(own, by)
    try:
        yield await told(chosen)
    finally:
        run(own, mend)
    assert await found(chosen) == []


async def test_it_starts_over_a_database_that_is_fit(chosen: Settings) -> None:
    application = create_app(chosen)
    async with application.router.lifespan_context(application):
        assert await found(chosen) == []


@pytest.mark.parametrize("what", SPOILT)
async def test_it_refuses_what_ignores_the_walls(own: Cluster, chosen: Settings, what: str) -> None:
    by, mend, sentence = SPOILT[what]
    async with spoilt(own, chosen, by, mend) as said:
        assert said == sentence


@pytest.mark.parametrize("what", POLICIES)
async def test_it_refuses_a_policy_with_a_hole(own: Cluster, chosen: Settings, what: str) -> None:
    by = ["drop policy one_tenant on tenant.post", *POLICIES[what]]
    drop = "drop policy if exists {} on tenant.post"
    mend = [*(drop.format(name) for name in ("one_tenant", "another", "open")), ONE_TENANT]
    async with spoilt(own, chosen, by, mend) as said:
        assert said == WRONG_POLICY


async def test_it_refuses_a_schema_that_is_behind(own: Cluster, chosen: Settings) -> None:
    command.downgrade(alembic(own.url()), "-1")
    behind = f"{int(head()) - 1:04}"

    assert await told(chosen) == (
        f"The schema is at {behind}, not at {head()}: run `linli migrate`."
    )

    migrate(own.url())
    assert await found(chosen) == []


async def test_it_refuses_a_schema_of_a_newer_version(own: Cluster, chosen: Settings) -> None:
    set_version = f"update public.{VERSION_TABLE} set version_num = '{{}}'"
    by, mend = [set_version.format("9999")], [set_version.format(head())]
    async with spoilt(own, chosen, by, mend) as said:
        assert said == (
            f"The schema is at 9999, not at {head()}: "
            "it was migrated for a newer linli: run that one."
        )


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
async def test_it_refuses_to_promise_what_a_crash_may_take(
    own: Cluster, chosen: Settings, setting: str
) -> None:
    reload = "select pg_reload_conf(), pg_sleep(0.3)"
    by = [f"alter system set {setting} = off", reload]
    async with spoilt(own, chosen, by, [f"alter system reset {setting}", reload]) as said:
        assert said == (
            f"{setting} is off: a crash could lose what was promised. "
            f"Run `alter system set {setting} = on; select pg_reload_conf()`."
        )


async def test_it_says_all_that_is_wrong_at_once(own: Cluster, chosen: Settings) -> None:
    by = ["alter role linli_app bypassrls", "alter table tenant.report no force row level security"]
    mend = [
        "alter role linli_app nobypassrls",
        "alter table tenant.report force row level security",
    ]
    async with spoilt(own, chosen, by, mend) as said:
        assert [line.split(" ")[0] for line in said.split("\n")] == ["linli_app", "tenant.report"]


async def test_it_refuses_a_login_of_another_role(chosen: Settings) -> None:
    urls = chosen.role_urls()
    app, district = urls[Principal.COMMUNITY], urls[Principal.DISTRICT]
    swapped = {Principal.COMMUNITY: district, Principal.DISTRICT: app}
    database = await Database.connect(swapped, DOMAINS, size=1, statements=10)

    findings = [finding.text for finding in await examine(database)]

    await database.close()
    assert findings[:2] == [
        "Logged in as linli_district, expected linli_app: check LINLI_DATABASE_URL.",
        "Logged in as linli_app, expected linli_district: check LINLI_DATABASE_URL.",
    ]


async def test_a_wasteful_setting_is_only_noted(own: Cluster, chosen: Settings) -> None:
    run(own, ["alter role linli_app set jit = on"])
    notes = await found(chosen)
    run(own, ["alter role linli_app set jit = off"])

    assert [note.grave for note in notes] == [False]
    assert notes[0].text.startswith("jit is on:")


async def test_it_cannot_start_without_its_roles(cluster: Cluster, tmp_path: Path) -> None:
    bare = Cluster(tmp_path, cluster.binaries)
    bare.start()
    try:
        application = create_app(Settings(data=tmp_path / "data", database_url=bare.url()))
        with pytest.raises((NotFit, asyncpg.PostgresError), match="linli"):
            async with application.router.lifespan_context(application):
                pytest.fail("the server started")
    finally:
        bare.stop()


# Settings with which the doctor has nothing to say.
GOOD = {
    "LINLI_PUBLIC_URL": "https://linli.example.cn",
    "LINLI_TRUSTED_PROXIES": "127.0.0.1",
    "LINLI_ROLE_PASSWORD": "secret",
}


def test_the_doctor_says_the_same_in_words(own: Cluster, chosen: Settings, wechat: str) -> None:
    ways = {"LINLI_WECHAT_URL": wechat, "LINLI_WECHAT_APPID": APPID, "LINLI_WECHAT_SECRET": SECRET}
    with serving(_greets()) as check:
        linli = Linli(chosen.data, own.url(), **GOOD, **ways, LINLI_TEXT_CHECK_URL=check)
        assert linli("doctor").out == (
            "The database, the ring, the roles and the settings are as they must be.\n"
        )
        by, mend, sentence = SPOILT["bypassrls"]
        run(own, by)
        try:
            ill = linli("doctor")
        finally:
            run(own, mend)

    assert ill.code == 1
    assert ill.out == f"grave  {sentence}\n"


def _greets() -> Starlette:
    async def check(_: Request) -> JSONResponse:
        return JSONResponse({"result": {"suggest": "pass"}})

    return Starlette(routes=[Route("/", check, methods=["POST"])])


# A setting, and a part of what the doctor says of it.
ODD: dict[str, tuple[dict[str, str], str]] = {
    "an address of this machine": ({"LINLI_PUBLIC_URL": "http://127.0.0.1:8000"}, "lead nobody"),
    "an address without TLS": ({"LINLI_PUBLIC_URL": "http://linli.example.cn"}, "has no TLS"),
    "an address with a path": ({"LINLI_PUBLIC_URL": "https://linli.example.cn/x"}, "without a path"),
    "no proxy": ({"LINLI_TRUSTED_PROXIES": ""}, "LINLI_TRUSTED_PROXIES names none"),
    "half of WeChat": ({"LINLI_WECHAT_APPID": "wx1"}, "need each other"),
    "a WeChat that is away": (
        {"LINLI_WECHAT_APPID": "wx1", "LINLI_WECHAT_SECRET": "x", "LINLI_WECHAT_URL": "http://127.0.0.1:9"},
        "http://127.0.0.1:9 does not take LINLI_WECHAT_APPID",
    ),
    "no way in": ({}, "only invited officers can sign in"),
    "a provider that is away": (
        {"LINLI_OIDC_ISSUER": "http://127.0.0.1:9", "LINLI_OIDC_CLIENT_ID": "x"},
        "does not say how to sign in there",
    ),
    "half of a provider": ({"LINLI_OIDC_ISSUER": "http://127.0.0.1:9"}, "needs LINLI_OIDC_CLIENT_ID"),
    "no text check": ({}, "texts are shown unchecked"),
    "a text check that is away": (
        {"LINLI_TEXT_CHECK_URL": "http://127.0.0.1:9"}, "does not pass a greeting",
    ),
    "no password of the roles": ({"LINLI_ROLE_PASSWORD": ""}, "LINLI_ROLE_PASSWORD is not set"),
    "a misspelt name": ({"LINLI_PUBLICURL": "x"}, "LINLI_PUBLICURL is no setting"),
    "a demo": ({"LINLI_DEMO": "1"}, "Never in production"),
}  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("what", ODD)
def test_the_doctor_looks_at_each_setting(own: Cluster, chosen: Settings, what: str) -> None:
    given, sentence = ODD[what]
    said = Linli(chosen.data, own.url(), **{**GOOD, **given})("doctor", code=0).out
    assert sentence in said
    assert "grave" not in said


@pytest.mark.once
def test_storage_that_cannot_be_written_is_grave(own: Cluster, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for url in (f"file://{tmp_path}/file/images", "ftp://example.cn/x", "file:///proc/none"):
        linli = Linli(tmp_path / "data", own.url(), LINLI_FILES_URL=url)
        for words in (("doctor",), ("serve", "--port", "1")):
            ill = linli(*words)
            assert ill.code == 1, url
            assert f"Images cannot be stored at {url}" in ill.out + ill.err
            assert "Traceback" not in ill.err


# An environment that no command can work with, and a part of the sentence.
UNUSABLE: dict[str, tuple[dict[str, str], str]] = {
    "a data folder below a file": ({"LINLI_DATA": "/etc/passwd/x"}, "LINLI_DATA must be a folder"),
    "a level that is none": ({"LINLI_LOG_LEVEL": "LOUD"}, "LINLI_LOG_LEVEL must be one of"),
    "another database": ({"LINLI_DATABASE_URL": "mysql://x"}, "LINLI_DATABASE_URL must begin"),
    "a number that is none": ({"LINLI_POOL_SIZE": "-1"}, "LINLI_POOL_SIZE must be a number"),
}


@pytest.mark.once
@pytest.mark.parametrize("what", UNUSABLE)
def test_an_unusable_setting_is_a_sentence(tmp_path: Path, what: str) -> None:
    given, sentence = UNUSABLE[what]
    for words in (("doctor",), ("keys", "rotate"), ("serve", "--port", "1")):
        ill = Linli(tmp_path, **{"LINLI_DATABASE_URL": "postgresql:///none", **given})(*words)
        assert ill.code == 1
        assert sentence in ill.err
        assert "Traceback" not in ill.err


@pytest.mark.once
def test_a_wrong_token_or_place_is_a_sentence(tmp_path: Path) -> None:
    linli = Linli(tmp_path, "postgresql:///none", HOME="/proc/none", XDG_CONFIG_HOME="/proc/none")
    export = ("petitions", "export", "--csv", tmp_path / "a.csv", "--token", "ключ")
    for words in (export, ("applications", "list", "--token", "ключ"), ("signout",)):
        ill = linli(*words)
        assert "Traceback" not in ill.err, ill.err
        assert ill.code in (0, 1)
    assert "That is no access token" in linli(*export, code=1).err
    assert not (tmp_path / "a.csv").exists()
    invite = ("officers", "invite", "--district", "x", "--role", "DISTRICT_ADMIN", "--name", "王")
    ascii_only = Linli(
        tmp_path, "postgresql:///none", LANG="zh_CN", PYTHONUTF8="0", PYTHONIOENCODING="ascii"
    )
    ill = ascii_only(*invite, fresh=True)
    assert (ill.code, "Traceback" in ill.err) == (1, False)
    assert "?" in ill.err

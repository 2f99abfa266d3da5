"""The command `linli`, as an operator uses it."""

import csv
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from alembic import command
from typer.testing import CliRunner

from api.administration import read_communities
from api.cli import app as cli
from api.schema.schema import sdl
from api.settings import Settings
from tenants.embedded import Cluster
from tenants.migrate import VERSION_TABLE, alembic, head, migrate
from tests.linli import Linli

COMMANDS = [
    ("demo",),
    ("serve",),
    ("migrate",),
    ("schema",),
    ("token",),
    ("doctor",),
    ("communities",),
    ("communities", "import"),
    ("keys",),
    ("keys", "rotate"),
    ("audit",),
    ("audit", "verify"),
    ("officers",),
    ("officers", "invite"),
    ("documents",),
    ("documents", "register"),
    ("petitions",),
    ("petitions", "import"),
    ("petitions", "export"),
    ("signin",),
    ("signout",),
    ("applications",),
    ("applications", "list"),
    ("applications", "approve"),
    ("applications", "return"),
    ("notices",),
    ("notices", "publish"),
]
COLUMNS = ["code", "name", "kind", "street_code", "street_name", "district_code", "district_name"]
ELM = ["310113003001", "榆树里", "RESIDENTIAL", "310113003", "友谊路街道", "310113", "宝山区"]
OAK = ["310113003002", "橡树村", "VILLAGE", "310113003", "友谊路街道", "310113", "宝山区"]
CODES = "codes are digits, six of a district, nine of a street, twelve of a community."
WAITS = "waiting for the database: ConnectionRefusedError"
TOLD = "communities: {} created, {} changed, {} unchanged\n"

Table = Callable[..., Path]


@pytest.fixture(scope="module")
def linli(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Linli]:
    """Give the command over its own data folder and migrated database."""
    url = cluster.url(database="commanded")
    migrate(url)
    yield Linli(tmp_path_factory.mktemp("commanded"), url)
    with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as connection:
        connection.execute("drop database commanded with (force)")


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Writes a CSV file of these rows."""

    def write(*rows: list[str], columns: list[str] = COLUMNS) -> Path:
        path = tmp_path / "communities.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
        return path

    return write


def found(linli: Linli, query: str) -> list[tuple[object, ...]]:
    """Return what a query finds, without row security."""
    with psycopg.connect(linli.environment["LINLI_DATABASE_URL"]) as connection:
        return connection.execute(query.encode()).fetchall()


NAMES = "select code, name from tenant.community order by code"


def test_it_says_what_it_can_do(tmp_path: Path) -> None:
    said = Linli(tmp_path)("--help", code=0, fresh=True).out

    for name in {words[0] for words in COMMANDS}:
        assert f" {name} " in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_command_says_what_it_does(words: tuple[str, ...]) -> None:
    said = CliRunner().invoke(cli, [*words, "--help"])

    assert said.exit_code == 0
    assert f" {' '.join(words)} " in said.output
    assert len(said.output.splitlines()) > 5


def test_an_unknown_command_is_refused(tmp_path: Path) -> None:
    said = Linli(tmp_path)("dance", code=2)

    assert said.out == ""
    assert "No such command 'dance'" in said.err


def test_it_prints_the_contract_and_touches_nothing(tmp_path: Path) -> None:
    said = Linli(tmp_path)("schema", code=0, fresh=True)

    assert said.out == sdl()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.once
def test_it_does_not_migrate_to_what_is_not_there(linli: Linli) -> None:
    said = linli("migrate", "--to", "9999", code=1)

    assert said.err == "Not migrated: Can't locate revision identified by '9999'\n"
    assert found(linli, f"select version_num from {VERSION_TABLE}") == [(head(),)]


# in the group of the tests that import the same communities after it
@pytest.mark.once
def test_communities_are_created_changed_or_left(linli: Linli, table: Table) -> None:
    assert linli("communities", "import", table(ELM, OAK), code=0).out == TOLD.format(2, 0, 0)
    assert linli("communities", "import", table(ELM, OAK), code=0).out == TOLD.format(0, 0, 2)

    renamed = [ELM[0], "榆树新里", *ELM[2:]]
    assert linli("communities", "import", table(renamed, OAK), code=0).out == TOLD.format(0, 1, 1)

    assert found(linli, NAMES) == [(ELM[0], "榆树新里"), (OAK[0], "橡树村")]
    boards = "select count(*) from tenant.board group by community_id order by community_id"
    founded = found(linli, boards)
    assert linli("communities", "import", table(renamed), code=0).out == TOLD.format(0, 0, 1)
    assert found(linli, NAMES) == [(ELM[0], "榆树新里"), (OAK[0], "橡树村")]  # none is deleted
    assert found(linli, boards) == founded
    # each other column is changed once: only the kind follows, no name of a street or district
    kinds = "select code, kind from tenant.community order by code"
    town = [*renamed[:2], "VILLAGE", *renamed[3:]]
    path = table(town, OAK)
    path.write_bytes(path.read_bytes().decode().encode("gb18030"))
    told = linli("communities", "import", path, code=0)
    assert (told.out, told.err.split("read as ")[1]) == (TOLD.format(0, 1, 1), "GB18030.\n")
    assert found(linli, kinds) == [(ELM[0], "VILLAGE"), (OAK[0], "VILLAGE")]
    assert found(linli, boards) == founded
    for place, name, level, called in (
        (4, "新街道", "street", ELM[4]),
        (6, "新区", "district", ELM[6]),
    ):
        other = [*town[:place], name, *town[place + 1 :]]
        refused = linli("communities", "import", table(other), code=1)
        assert refused.err == (
            f"{ELM[0]}: the {level} {ELM[place - 1]} is called {called} here, not {name}.\n"
        )
    audit = "select action, count(*) from tenant.audit_entry where actor_kind = 'SYSTEM' group by 1"
    assert sorted(found(linli, audit)) == [
        ("community.created", 2), ("community.kind_updated", 1), ("community.renamed", 1),
    ]  # fmt: skip


def test_a_spreadsheet_may_put_a_mark_before_its_first_column(table: Table) -> None:
    path = table(ELM)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert [list(row.values()) for row in read_communities(path)] == [ELM]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["31011300300", *OAK[1:]], f"line 3: {CODES}"),
        (["31011300300x", *OAK[1:]], f"line 3: {CODES}"),
        ([*OAK[:3], "3101130030", *OAK[4:]], f"line 3: {CODES}"),
        (["３１０１１３００３００２", *OAK[1:]], f"line 3: {CODES}"),
        (
            [*OAK[:3], "310113004", *OAK[4:]],
            "line 3: 310113003002 is not below 310113004 and 310113.",
        ),
        ([*OAK[:2], "TOWER", *OAK[3:]], "line 3: kind must be RESIDENTIAL or VILLAGE."),
        ([OAK[0], "\u200b", *OAK[2:]], "line 3: name: 不能为空。Must not be empty."),
        (
            [OAK[0], "长" * 61, *OAK[2:]],
            "line 3: name: 最多 60 个字。At most 60 characters, not 61.",
        ),
        (OAK[:4], "line 3: it has 4 of 7 columns."),
        ([*OAK, "more"], "line 3: it has 8 of 7 columns."),
        (ELM, f"line 3: {ELM[0]} stands on line 2 already."),
        ([*OAK[:4], "", *OAK[5:]], "line 3: street_name: 不能为空。Must not be empty."),
    ],
)
def test_a_wrong_line_is_named(table: Table, wrong: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        read_communities(table(ELM, wrong))


@pytest.mark.once
def test_a_wrong_line_changes_nothing(linli: Linli, table: Table) -> None:
    before = found(linli, NAMES)

    answer = linli("communities", "import", table(ELM, OAK[:4]), code=1)

    assert (answer.out, answer.err) == ("", "line 3: it has 4 of 7 columns.\n")
    assert found(linli, NAMES) == before


def test_a_file_of_another_kind_is_refused(table: Table, tmp_path: Path) -> None:
    fewer = table(ELM[:6], columns=COLUMNS[:6])
    with pytest.raises(ValueError, match="has no column district_name"):
        read_communities(fewer)
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xfe\x00code")
    with pytest.raises(ValueError, match="is not UTF-8"):
        read_communities(binary)


INVITED = "select role, street_id, state, display_name from district.invitation"


@pytest.mark.once
def test_the_first_admin_is_invited_from_here(linli: Linli, table: Table) -> None:
    linli("communities", "import", table(ELM, OAK), code=0)
    admin = ("--role", "DISTRICT_ADMIN", "--name", "第一人")
    handler = ("--role", "DEPARTMENT_HANDLER", "--name", "小张")
    refused = {
        (*admin, "--district", "990001"):
            "There is no district 990001: `linli communities import` brings it in.",
        (*admin, "--district", "x"): "A district's code has six digits.",
        (*admin, "--district", "310113", "--street", "310113999"):
            "There is no street 310113999 there.",
        (*handler, "--district", "310113"): "经办人须有部门。A handler has one. (departmentId)",
        (*handler, "--district", "310113", "--department", "房管局"):
            "There is no department 房管局 there.",
    }  # fmt: skip
    for words, why in refused.items():
        said = linli("officers", "invite", *words, code=1)
        assert (said.out, said.err) == ("", f"{why}\n")
    assert found(linli, INVITED) == []

    said = linli("officers", "invite", *admin, "--district", "310113", code=0)
    code = said.out.splitlines()[0]
    assert re.fullmatch(r"310113-[2-9a-z]{20}", code)
    linli("officers", "invite", *admin, "--district", "310113", "--street", "310113003", code=0)
    assert found(linli, f"{INVITED} order by id") == [
        ("DISTRICT_ADMIN", 0, "OPEN", "第一人"), ("DISTRICT_ADMIN", 310113003, "OPEN", "第一人"),
    ]  # fmt: skip
    acts = "select actor_kind, action, reason from district.audit_entry"
    assert found(linli, acts) == [("SYSTEM", "invitation.created", "linli officers invite")] * 2


def test_a_new_key_signs_and_the_old_ones_stay(tmp_path: Path) -> None:
    linli = Linli(tmp_path / "data")

    told = [linli("keys", "rotate", code=0).out for _ in range(2)]

    keys = tmp_path / "data" / "keys"
    names = sorted(path.stem for path in keys.iterdir())
    assert all(line.startswith("now signing with ") for line in told)
    assert told[1] == f"now signing with {names[-1]}\n"
    assert told[0].split()[-1] in names
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}


@pytest.mark.once
def test_there_is_no_token_without_a_demo(linli: Linli) -> None:
    said = linli("token", "RESIDENT", code=1)

    # standard output is empty: a shell would use it as the token in $(linli token RESIDENT)
    assert (said.out, said.err) == (
        "",
        "There is no demo district here yet: run `linli demo` first.\n",
    )


@pytest.mark.once
@pytest.mark.parametrize("words", [("serve",), ("token", "RESIDENT")], ids=" ".join)
def test_it_says_when_nothing_was_migrated(
    cluster: Cluster, tmp_path: Path, words: tuple[str, ...]
) -> None:
    missing = Linli(tmp_path / "data", cluster.url(database="never_made"))

    said = missing(*words, code=1)

    assert said.out == ""
    assert said.err == (
        'The database refuses us: database "never_made" does not exist. '
        "Has `linli migrate` been run?\n"
    )


@pytest.mark.parametrize("words", [("doctor",), ("migrate",), ("demo",)], ids=" ".join)
def test_it_says_when_the_database_is_away(tmp_path: Path, words: tuple[str, ...]) -> None:
    away = "postgresql://postgres@127.0.0.1:1/linli"

    said = Linli(tmp_path / "data", away, LINLI_START_SECONDS="0.5")(*words, code=1)

    assert said.out == ""
    *waited, told = said.err.splitlines()
    assert waited == [WAITS] * (words != ("doctor",))
    assert told.startswith("The database cannot be reached: ")
    assert "Connect call failed ('127.0.0.1', 1)" in told


@pytest.mark.once
def test_it_does_not_wait_for_what_refuses_it(cluster: Cluster, tmp_path: Path) -> None:
    stranger = Linli(tmp_path / "data", cluster.url(user="nobody_here"))

    said = stranger("migrate", code=1)

    assert (said.out, said.err) == (
        "", 'The database refuses us: role "nobody_here" does not exist.\n'
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LINLI_WORKERS", "many", "LINLI_WORKERS must be a number above 0, not 'many'."),
        ("LINLI_POOL_SIZE", "0", "LINLI_POOL_SIZE must be a number above 0, not '0'."),
        ("LINLI_CHECKPOINT_SECONDS", "0", "LINLI_CHECKPOINT_SECONDS must be a number above 0, not '0'."),
        ("LINLI_DEADLINE_SECONDS", "inf", "LINLI_DEADLINE_SECONDS must be a number above 0, not 'inf'."),
        ("LINLI_DATABASE_URL", "mysql://here", "LINLI_DATABASE_URL must begin with postgresql://."),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        Settings.from_environment()


def test_a_setting_that_cannot_be_read_ends_the_command(tmp_path: Path) -> None:
    answer = Linli(tmp_path / "data", LINLI_WORKERS="many")("doctor", code=1)

    assert answer.out == ""
    assert answer.err == "LINLI_WORKERS must be a number above 0, not 'many'.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.once
def test_the_server_does_not_start_over_a_schema_that_is_behind(linli: Linli) -> None:
    behind = f"{int(head()) - 1:04}"
    command.downgrade(alembic(linli.environment["LINLI_DATABASE_URL"]), "-1")

    said = linli("serve", code=1)

    assert said.out == ""
    assert said.err == f"The schema is at {behind}, not at {head()}: run `linli migrate`.\n"
    assert linli("migrate", code=0).out == "migrated\n"
    assert found(linli, f"select version_num from {VERSION_TABLE}") == [(head(),)]

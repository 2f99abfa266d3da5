"""`linli petitions`: import and export petitions through the API, with the user's own scopes."""

from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from api.letters import Letter, batches, read_letters
from api.petition_export import Which, petitions_at, write_csv
from api.reading import Encoding
from api.remote import LOCAL, Failed, Remote, Token, Url, token_or_ask
from api.session import In, Place, Where, in_each
from api.terminal import fail, out, report
from tenants.petitions.tables import SOURCE_LENGTH
from tenants.petitions.words import Secrecy
from tenants.scopes import Scope

app = typer.Typer(no_args_is_help=True, help="Petitions, through the API.")

_CATEGORIES = "{ community { petitionCategories { id topic name } } }"
_IMPORT = """mutation ($input: ImportPetitionsInput!) { importPetitions(input: $input) {
  importedIds knownIds userErrors { code message path } } }"""

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV.")]
Category = Annotated[str, typer.Option(help="Where they go: 大类/小类, or the category's id.")]
Source = Annotated[
    str | None, typer.Option(help="Where they come from; by default the file's name.")
]
ReadBy = Annotated[Secrecy, typer.Option(help="Who may read them.")]

Csv = Annotated[Path, typer.Option(dir_okay=False, help="The file to write.")]
State = Annotated[Which, typer.Option(help="Which of them.")]
Bom = Annotated[bool, typer.Option("--bom", help="Begin with a mark by which Excel knows UTF-8.")]


@app.command("import")
def import_command(
    file: File,
    category: Category,
    source: Source = None,
    secrecy: ReadBy = Secrecy.MEMBERS,
    encoding: Encoding = None,
    url: Url = LOCAL,
    token: Token = None,
) -> None:
    """Bring in historic letters with their times; run it again after anything, none comes twice.

    What came in before stays as it is, whatever the file says of it now: letters are known by their
    source and source_id. Columns: source_id, author, submitted_at, title, body, answered_at,
    answer. The token needs the scope petition:import, and community:read to find a category by its
    name.
    """
    name = file.stem if source is None else source
    if not 1 <= len(name) <= SOURCE_LENGTH:
        fail(f"A source has 1 to {SOURCE_LENGTH} characters: give it with --source.")
    try:
        letters = read_letters(file, datetime.now(UTC), encoding)
    except ValueError as error:
        fail(str(error))
    with Remote(url, token_or_ask(token)) as remote:
        try:
            category_id = _category(remote, category)
            given = {"source": name, "categoryId": category_id, "secrecy": secrecy.value}
            imported, known = _send(remote, given, letters)
        except Failed as error:
            fail(f"{error}\nWhat was sent is kept: run it again to go on.")
    out.print(f"letters: {imported} imported, {known} known")


@app.command("export")
def export_command(
    csv: Csv,
    state: State = Which.OPEN,
    bom: Bom = False,
    community: In = None,
    url: Where = None,
    token: Token = None,
) -> None:
    """Write the petitions of your desk to a CSV, in UTF-8: the committee's, or a street's or above.

    The token needs petition:handle, and a community's community:read. The file appears when it is
    whole. A desk that refuses stops no other: it is left out and named at the end, and the command
    fails; where all refuse, nothing is written. A text that a spreadsheet would take for a formula
    has an apostrophe before it.
    """

    def rows(place: Place) -> list[tuple[str, ...]]:
        return list(petitions_at(place.remote, state, is_community=place.is_community))

    try:
        done, refused = in_each(url, token, community, Scope.PETITION_HANDLE, rows)
        if done:
            total = write_csv(csv, chain.from_iterable(done), bom=bom)
            out.print(f"petitions: {total} written to {csv}", markup=False)
    except Failed as error:
        fail(str(error))
    except OSError as error:
        fail(f"{csv} cannot be written: {error.strerror}")
    report(refused)


def _send(remote: Remote, given: dict[str, str], letters: list[Letter]) -> tuple[int, int]:
    imported = known = 0
    with Progress(console=out, transient=True, disable=not out.is_terminal) as progress:
        task = progress.add_task("letters", total=len(letters))
        for batch in batches(letters):
            done = remote.change(_IMPORT, {**given, "petitions": batch})
            imported += len(done["importedIds"])
            known += len(done["knownIds"])
            progress.advance(task, len(batch))
    return imported, known


def _category(remote: Remote, category: str) -> str:
    if category.startswith("cat_"):
        return category
    found = remote.run(_CATEGORIES)["community"]
    for each in found["petitionCategories"] if found else []:
        if f"{each['topic']}/{each['name']}" == category:
            return each["id"]
    raise Failed("NOT_FOUND", f"there is no category {category} in use")

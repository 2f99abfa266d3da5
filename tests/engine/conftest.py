"""Provide fixtures of the engine's tests: the seeded world, and the engine beside its reference."""

from collections.abc import Iterator

import pytest

from api.schema.schema import contract
from api.settings import Settings
from tenants.db import Database
from tests.engine.asking import Asker
from tests.engine.reference import Reference
from tests.engine.world import Builder, World
from tests.street import Make


@pytest.fixture(scope="session")
async def world(make: Make) -> World:
    """Give a community with data of every kind; no test changes it."""
    return await Builder(make).build()


@pytest.fixture(scope="session")
def reference(settings: Settings, database: Database) -> Iterator[Reference]:
    """Give the plain executor over the same database and roles."""
    assert database  # migrated, with its communities imported
    opened = Reference(contract(), settings.role_urls())
    yield opened
    opened.close()


@pytest.fixture
def ask(database: Database, reference: Reference) -> Asker:
    """Asks a new engine and the reference the same."""
    reference.forget()
    return Asker(database, reference)

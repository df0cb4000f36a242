"""The ledger is also proved under SERIALIZABLE, which distributed PostgreSQL databases give and nothing less."""

import pytest

from tests.databases import administrate


@pytest.fixture
def serializable_url(postgres: str, postgres_url: str) -> str:
    database = postgres_url.partition("?")[0].rsplit("/", 1)[1]
    administrate(postgres, f"ALTER DATABASE {database} SET default_transaction_isolation TO serializable")
    return postgres_url


@pytest.fixture(params=["sqlite", "postgres", "serializable"])
def database_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"{request.param}_url")

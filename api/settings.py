"""Read settings from the environment once; they never change."""

import os
from dataclasses import dataclass, field, fields
from pathlib import Path

from sqlalchemy.engine import make_url

from api import environment
from api.engine.cost import MAX_COST
from tenants.db import ROLE_OF
from tenants.embedded import Cluster
from tenants.keyring import KeyRing
from tenants.viewer import Principal
from tenants.votes.service.secret.keys import Program


@dataclass(frozen=True)
class Bucket:
    """It is the size of a token bucket, and how many points it regains each second.

    `least` is the most that is ever taken at once: a smaller bucket would refuse that for ever.
    """

    size: float
    per_second: float
    least: float = 1

    def times(self, factor: float) -> "Bucket":
        """Return a bucket scaled by a factor."""
        return Bucket(max(self.size * factor, self.least), self.per_second * factor, self.least)


@dataclass(frozen=True)
class Limits:
    """It limits what one person and one community may spend, in cost points and in milliseconds."""

    person_queries: Bucket = Bucket(4_000, 200, MAX_COST)
    person_mutations: Bucket = Bucket(400, 10, 400)
    tenant_queries: Bucket = Bucket(80_000, 8_000, MAX_COST)
    tenant_mutations: Bucket = Bucket(20_000, 1_000, MAX_COST)
    # milliseconds that new documents of one person take; each counts as ten at least
    new_documents: Bucket = Bucket(3_000, 50, 100)
    # for one address without a token, in pages; a sign-in counts as five
    strangers: Bucket = Bucket(300, 5, 5)
    uploads: Bucket = Bucket(30, 0.5)  # of one person
    # milliseconds of one person: a worker's time before a request runs, and the database's time
    computing: Bucket = Bucket(1_000, 50, 100)
    database: Bucket = Bucket(10_000, 250, 500)

    def times(self, factor: float) -> "Limits":
        """Return all limits scaled by a factor, for tests, benchmarks and several workers."""
        return Limits(
            **{each.name: getattr(self, each.name).times(factor) for each in fields(self)}
        )


@dataclass(frozen=True)
class Connecting:
    """It limits the connections of one worker."""

    most: int = 4096  # LINLI_CONNECTIONS, open at once
    most_of_address: int = 256  # LINLI_CONNECTIONS_OF_ADDRESS; 0: no bound
    most_requests: int = 1000  # LINLI_REQUESTS, answered at once; above that 503
    head_seconds: float = 10.0  # LINLI_HEAD_SECONDS, for the whole head of a request
    read_seconds: float = 20.0  # LINLI_READ_SECONDS, in which a client must read of its answer


@dataclass(frozen=True)
class Settings:
    """It holds all settings; each field names its environment variable."""

    data: Path = Path(".linli")  # LINLI_DATA
    files_url: str | None = None  # LINLI_FILES_URL, file:///… or s3://…; None: the data folder
    database_url: str | None = None  # LINLI_DATABASE_URL; None: the embedded PostgreSQL
    role_password: str | None = None  # LINLI_ROLE_PASSWORD, of the roles the server logs in with
    public_url: str = "http://127.0.0.1:8000"  # LINLI_PUBLIC_URL, the issuer of tokens
    demo: bool = False  # LINLI_DEMO
    # LINLI_STATEMENTS, 1: whoever asks with `x-statement: 1` is shown the SQL of their own operation,
    # without its values; a demo does
    shows_statements: bool = False
    workers: int = 1  # LINLI_WORKERS
    background: bool = True  # LINLI_BACKGROUND, 0: other servers do the work that falls due
    pool_size: int = 8  # LINLI_POOL_SIZE, connections of each worker
    start_seconds: float = 300.0  # LINLI_START_SECONDS, for which the start waits for the database
    wait_seconds: float = 2.0  # LINLI_WAIT_SECONDS, for a pooled connection; then 503
    token_seconds: int = 900  # LINLI_TOKEN_SECONDS
    cors_origins: tuple[str, ...] = ()  # LINLI_CORS_ORIGINS, separated by commas
    text_check_url: str | None = None  # LINLI_TEXT_CHECK_URL
    wechat_url: str = "https://api.weixin.qq.com"  # LINLI_WECHAT_URL
    wechat_appid: str = ""  # LINLI_WECHAT_APPID
    wechat_secret: str = field(default="", repr=False)  # LINLI_WECHAT_SECRET
    # LINLI_OIDC_ISSUER, LINLI_OIDC_CLIENT_ID, LINLI_OIDC_CLIENT_SECRET: an OpenID Connect provider;
    # LINLI_OIDC_NAME, what people call it
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_name: str = "OpenID Connect"
    deadline_seconds: float = 8.0  # LINLI_DEADLINE_SECONDS
    checkpoint_seconds: float = 60.0  # LINLI_CHECKPOINT_SECONDS, between audit checkpoints
    clock_seconds: float = 5.0  # LINLI_CLOCK_SECONDS, between two checks for due petitions
    rates_seconds: float = 3600.0  # LINLI_RATES_SECONDS, between two checks for a month to count
    documents_seconds: float = 5.0  # LINLI_DOCUMENTS_SECONDS, between two checks for new ones
    retention_days: float = 180.0  # LINLI_RETENTION_DAYS, to keep a moved-out member's data
    limits: Limits = field(default_factory=Limits)  # LINLI_LIMITS_FACTOR
    connecting: Connecting = field(default_factory=Connecting)
    # LINLI_TRUSTED_PROXIES, addresses or networks separated by commas, whose X-Forwarded-For is
    # believed
    trusted_proxies: tuple[str, ...] = ()
    # LINLI_SCRUTINEERS, the three programs that keep the keys of secret polls: each its name, a colon
    # and its public key, separated by commas
    scrutineers: tuple[Program, ...] = ()
    log_level: str = "INFO"  # LINLI_LOG_LEVEL; of a demo WARNING
    # LINLI_METRICS_TOKEN, which gives access to /metrics from other machines
    metrics_token: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls) -> "Settings":
        """Return the settings in LINLI_*; raises ValueError that names an unreadable one."""
        env = os.environ
        demo = env.get("LINLI_DEMO") == "1"
        workers = int(environment.number("LINLI_WORKERS", 1))
        factor = environment.number("LINLI_LIMITS_FACTOR", 1)
        return cls(
            data=environment.folder("LINLI_DATA", ".linli"),
            files_url=env.get("LINLI_FILES_URL"),
            database_url=environment.url("LINLI_DATABASE_URL"),
            role_password=env.get("LINLI_ROLE_PASSWORD"),
            public_url=env.get("LINLI_PUBLIC_URL", cls.public_url),
            demo=demo,
            shows_statements=env.get("LINLI_STATEMENTS", "1" if demo else "0") == "1",
            workers=workers,
            background=env.get("LINLI_BACKGROUND") != "0",
            pool_size=int(environment.number("LINLI_POOL_SIZE", cls.pool_size)),
            start_seconds=environment.number("LINLI_START_SECONDS", cls.start_seconds),
            wait_seconds=environment.number("LINLI_WAIT_SECONDS", cls.wait_seconds),
            # the demo's tokens last a working day, so that its readers need not hurry
            token_seconds=int(environment.number("LINLI_TOKEN_SECONDS", 28800 if demo else 900)),
            cors_origins=environment.listed("LINLI_CORS_ORIGINS"),
            text_check_url=env.get("LINLI_TEXT_CHECK_URL"),
            wechat_url=env.get("LINLI_WECHAT_URL", cls.wechat_url),
            wechat_appid=env.get("LINLI_WECHAT_APPID", ""),
            wechat_secret=env.get("LINLI_WECHAT_SECRET", ""),
            oidc_issuer=env.get("LINLI_OIDC_ISSUER", ""),
            oidc_client_id=env.get("LINLI_OIDC_CLIENT_ID", ""),
            oidc_client_secret=env.get("LINLI_OIDC_CLIENT_SECRET", ""),
            oidc_name=env.get("LINLI_OIDC_NAME", cls.oidc_name),
            deadline_seconds=environment.number("LINLI_DEADLINE_SECONDS", cls.deadline_seconds),
            checkpoint_seconds=environment.number(
                "LINLI_CHECKPOINT_SECONDS", cls.checkpoint_seconds
            ),
            clock_seconds=environment.number("LINLI_CLOCK_SECONDS", cls.clock_seconds),
            rates_seconds=environment.number("LINLI_RATES_SECONDS", cls.rates_seconds),
            documents_seconds=environment.number("LINLI_DOCUMENTS_SECONDS", cls.documents_seconds),
            retention_days=environment.number("LINLI_RETENTION_DAYS", cls.retention_days),
            # each worker has its own buckets: together they hold what one worker's would
            limits=Limits().times(factor / workers),
            connecting=_connecting(),
            trusted_proxies=environment.networks("LINLI_TRUSTED_PROXIES"),
            scrutineers=environment.programs("LINLI_SCRUTINEERS"),
            log_level=environment.level("LINLI_LOG_LEVEL", "WARNING" if demo else "INFO"),
            metrics_token=env.get("LINLI_METRICS_TOKEN", ""),
        )

    @property
    def ring(self) -> KeyRing:
        """Return the keys that encrypt personal data."""
        return KeyRing(self.data / "ring")

    @property
    def files(self) -> str:
        """Return the URL of the folder or bucket of the image files."""
        return self.files_url or (self.data.absolute() / "files").as_uri()

    @property
    def cluster(self) -> Cluster | None:
        """Return the embedded PostgreSQL; None if another database is set."""
        return None if self.database_url else Cluster(self.data)

    @property
    def checkpoints(self) -> Path:
        """Return the folder of the audit's checkpoints."""
        return self.data / "checkpoints"

    @property
    def checkpoint_keys(self) -> Path:
        """Return the folder of the keys that sign checkpoints; no key is ever deleted."""
        return self.data / "checkpoint-keys"

    @property
    def admin_url(self) -> str:
        """Return the database URL that `linli migrate` uses; the server never uses it."""
        return self.database_url or Cluster(self.data).url()

    def role_urls(self) -> dict[Principal, str]:
        """Return the database URL of each principal kind: one server, a role for each."""
        url = make_url(self.admin_url)
        return {
            principal: url.set(username=role, password=self.role_password).render_as_string(
                hide_password=False
            )
            for principal, role in ROLE_OF.items()
        }


def _connecting() -> Connecting:
    of_address = os.environ.get("LINLI_CONNECTIONS_OF_ADDRESS")
    given = Connecting()
    return Connecting(
        most=int(environment.number("LINLI_CONNECTIONS", given.most)),
        most_of_address=0
        if of_address == "0"
        else int(environment.number("LINLI_CONNECTIONS_OF_ADDRESS", given.most_of_address)),
        most_requests=int(environment.number("LINLI_REQUESTS", given.most_requests)),
        head_seconds=environment.number("LINLI_HEAD_SECONDS", given.head_seconds),
        read_seconds=environment.number("LINLI_READ_SECONDS", given.read_seconds),
    )

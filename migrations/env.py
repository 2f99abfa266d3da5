"""Run Alembic as `linli_owner`, one migration at a time, with a short lock timeout."""

import sqlalchemy as sa
from alembic import context

from tenants.domains import DOMAINS
from tenants.migrate import MIGRATION_SETTINGS, VERSION_TABLE

config = context.config

if context.is_offline_mode():
    context.configure(
        dialect_name="postgresql",
        # without this every % would be printed twice
        dialect_opts={"paramstyle": "named"},
        target_metadata=DOMAINS.metadata,
        literal_binds=True,
        version_table=VERSION_TABLE,
    )
    for setting in MIGRATION_SETTINGS:
        context.execute(setting)
    with context.begin_transaction():
        context.run_migrations()
else:
    # Not pooled: when the connection ends, for any reason, it releases the advisory lock.
    engine = sa.create_engine(config.get_main_option("sqlalchemy.url") or "", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for setting in MIGRATION_SETTINGS:
            connection.exec_driver_sql(setting)
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=DOMAINS.metadata,
            include_schemas=True,
            transaction_per_migration=True,
            version_table=VERSION_TABLE,
        )
        with context.begin_transaction():
            context.run_migrations()

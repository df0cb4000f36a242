"""guards: partitions of the ledger on PostgreSQL, and history that the database itself refuses to rewrite"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PARTITIONS = 8
PARTITIONED = ("codes", "movements")
WRITTEN_ONCE = ("facts", "movements", "chain", "checkpoints")


def upgrade():
    if op.get_bind().dialect.name == "postgresql":
        for table in PARTITIONED:
            for number in range(PARTITIONS):
                op.execute(
                    f"CREATE TABLE {table}_p{number} PARTITION OF {table}"
                    f" FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
                )
        op.execute(
            "CREATE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME; END $$"
        )
        for table in WRITTEN_ONCE:
            op.execute(
                f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION written_once()"
            )
        return
    for table in WRITTEN_ONCE:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
            )


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        for table in WRITTEN_ONCE:
            op.execute(f"DROP TRIGGER {table}_written_once ON {table}")
        op.execute("DROP FUNCTION written_once()")
        for table in PARTITIONED:
            for number in range(PARTITIONS):
                op.execute(f"DROP TABLE {table}_p{number}")
        return
    for table in WRITTEN_ONCE:
        for action in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{action}")

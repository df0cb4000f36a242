"""signatures: evidence of signatures, and the sessions in which a phone signs"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    evidence_of_signatures()
    op.create_table(
        "signing_sessions",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("app", sa.String(length=8), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("signatures", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("signer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_sessions")),
    )
    op.create_index(op.f("ix_signing_sessions_expires_at"), "signing_sessions", ["expires_at"])


def downgrade():
    op.drop_table("signing_sessions")
    no_evidence_of_signatures()


def evidence_of_signatures():
    with op.batch_alter_table("signatures") as table:
        table.add_column(
            sa.Column("state", sa.String(length=18), nullable=False, server_default="valid"),
        )
        table.add_column(sa.Column("waits", sa.String(length=24), nullable=True))
        table.add_column(sa.Column("refusal", sa.String(length=60), nullable=True))
        table.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_signatures_state"), "signatures", ["state"])
    op.create_table(
        "evidence",
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_evidence")),
    )
    op.create_table(
        "signature_evidence",
        sa.Column("signature_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signatures.id"], name=op.f("fk_signature_evidence_signature_id_signatures")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["evidence.sha256"], name=op.f("fk_signature_evidence_sha256_evidence")),
        sa.PrimaryKeyConstraint("signature_id", "kind", "sha256", name=op.f("pk_signature_evidence")),
    )


def no_evidence_of_signatures():
    op.drop_table("signature_evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_signatures_state"), "signatures")
    with op.batch_alter_table("signatures") as table:
        for column in ("state", "waits", "refusal", "settled_at", "stamped_at"):
            table.drop_column(column)

"""signatures: evidence of signatures, and the sessions in which a phone signs"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
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

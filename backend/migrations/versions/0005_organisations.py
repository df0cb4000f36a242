"""organisations: profile, places, invitations, powers of attorney"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

ADDED = {
    "organisations": lambda: (
        sa.Column("trade", sa.String(length=24), nullable=True),
        sa.Column("declaration_holder", sa.String(length=24), nullable=True),
        sa.Column("groups", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("contract_state", sa.String(length=12), nullable=True),
        sa.Column("producer", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("gln", sa.String(length=13), nullable=True),
        sa.Column("gcp", sa.String(length=12), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ),
    "places": lambda: (
        sa.Column("main", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("gln", sa.String(length=13), nullable=True),
        sa.Column("bin", sa.String(length=12), nullable=True),
        sa.Column("blocked_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ),
    "memberships": lambda: (
        sa.Column("title", sa.String(length=80), server_default="", nullable=False),
        sa.Column("place_ids", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ),
}


def upgrade():
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for column in columns():
                batch.add_column(column)
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("iin_key", sa.String(length=32), nullable=True),
        sa.Column("functions", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("place_ids", sa.JSON(), nullable=False),
        sa.Column("valid_until", MOMENT, nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("invited_by", sa.String(length=26), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("membership_id", sa.String(length=26), nullable=True),
        sa.Column("signature_id", sa.String(length=26), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        _foreign("invitations", "organisation_id", "organisations"),
        _foreign("invitations", "invited_by", "people"),
        _foreign("invitations", "membership_id", "memberships"),
        _foreign("invitations", "signature_id", "signatures"),
    )
    op.create_index("ix_invitations_organisation_id", "invitations", ["organisation_id"])
    op.create_table(
        "powers",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=False),
        sa.Column("membership_id", sa.String(length=26), nullable=True),
        sa.Column("provider_id", sa.String(length=26), nullable=True),
        sa.Column("functions", sa.JSON(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("given_by", sa.String(length=26), nullable=False),
        sa.Column("signature_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_powers")),
        _foreign("powers", "organisation_id", "organisations"),
        _foreign("powers", "membership_id", "memberships"),
        _foreign("powers", "provider_id", "organisations"),
        _foreign("powers", "given_by", "people"),
        _foreign("powers", "signature_id", "signatures"),
    )
    op.create_index("ix_powers_organisation_id", "powers", ["organisation_id"])
    op.create_index("ix_powers_provider_id", "powers", ["provider_id"])
    # The audit trail pages through one organisation's facts by time; the longer index also serves the shorter one.
    op.drop_index("ix_facts_organisation_id", "facts")
    op.create_index("ix_facts_organisation_id_at_id", "facts", ["organisation_id", "at", "id"])


def downgrade():
    op.drop_index("ix_facts_organisation_id_at_id", "facts")
    op.create_index("ix_facts_organisation_id", "facts", ["organisation_id"])
    op.drop_table("powers")
    op.drop_table("invitations")
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for column in columns():
                batch.drop_column(column.name)


def _foreign(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))

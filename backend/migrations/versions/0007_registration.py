"""registration: applications and contracts"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "applications",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("living", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("browser_until", MOMENT, nullable=False),
        sa.Column("iin_key", sa.String(length=32), nullable=False),
        sa.Column("iin_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("bin", sa.String(length=12), nullable=True),
        sa.Column("party_key", sa.String(length=32), nullable=False),
        sa.Column("organisation_name", sa.String(length=500), nullable=True),
        sa.Column("legal_form", sa.String(length=16), nullable=False),
        sa.Column("fixed_name", sa.String(length=2), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("profile", sa.String(length=12), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=True),
        sa.Column("trade", sa.String(length=24), nullable=True),
        sa.Column("declaration_holder", sa.String(length=24), nullable=True),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text_version", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("filled_at", MOMENT, nullable=True),
        sa.Column("confirm_until", MOMENT, nullable=True),
        sa.Column("deadline", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("number", name=op.f("uq_applications_number")),
        sa.UniqueConstraint("living", name=op.f("uq_applications_living")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_applications_organisation_id_organisations")
        ),
    )
    for column in ("state", "browser_hash", "party_key", "deadline"):
        op.create_index(f"ix_applications_{column}", "applications", [column])
    op.create_table(
        "application_attempts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("application_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("signatures", sa.JSON(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_attempts")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_application_attempts_application_id_number")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_attempts_application_id_applications"),
        ),
    )
    op.create_table(
        "contracts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=False),
        sa.Column("application_id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("signatures", sa.JSON(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("number", name=op.f("uq_contracts_number")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_contracts_organisation_id_organisations")
        ),
    )
    op.create_index("ix_contracts_organisation_id", "contracts", ["organisation_id"])


def downgrade():
    for table in ("contracts", "application_attempts", "applications"):
        op.drop_table(table)

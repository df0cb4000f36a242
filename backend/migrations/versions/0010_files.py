"""files kept beside documents, who brought them and what they belong to; attachments of acts, photos of what was not
taken"""

import sqlalchemy as sa
from alembic import op

from backend.core.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "files",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media", sa.String(80), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_table(
        "file_bringings",
        sa.Column("file_id", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(26), nullable=False),
        sa.Column("person_id", sa.String(26), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_file_bringings_file_id_files")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_file_bringings_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("file_id", "organisation_id", name=op.f("pk_file_bringings")),
    )
    op.create_index("ix_file_bringings_organisation_id", "file_bringings", ["organisation_id"])
    op.create_table(
        "file_belongings",
        sa.Column("file_id", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(26), nullable=False),
        sa.Column("document_kind", sa.String(24), nullable=False),
        sa.Column("document_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_file_belongings_file_id_files")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_file_belongings_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint(
            "file_id", "organisation_id", "document_kind", "document_id", name=op.f("pk_file_belongings")
        ),
    )
    op.create_index(
        "ix_file_belongings_document_kind_document_id", "file_belongings", ["document_kind", "document_id"]
    )
    op.create_table(
        "act_attachments",
        sa.Column("act_id", sa.String(26), nullable=False),
        sa.Column("file_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("added_by", sa.String(26), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_act_attachments_act_id_acts")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_act_attachments_file_id_files")),
        sa.PrimaryKeyConstraint("act_id", "file_id", name=op.f("pk_act_attachments")),
    )
    op.create_table(
        "act_rejection_photos",
        sa.Column("act_id", sa.String(26), nullable=False),
        sa.Column("code_id", sa.LargeBinary(16), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("file_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_act_rejection_photos_act_id_acts")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_act_rejection_photos_file_id_files")),
        sa.PrimaryKeyConstraint("act_id", "code_id", "place", name=op.f("pk_act_rejection_photos")),
    )


def downgrade():
    for table in ("act_rejection_photos", "act_attachments", "file_belongings", "file_bringings", "files"):
        op.drop_table(table)

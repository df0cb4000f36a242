"""acts: acts of acceptance-transfer, what stands in them and what was not taken; the place where a code is kept"""

import sqlalchemy as sa
from alembic import op

from backend.core.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("codes", sa.Column("place_id", sa.String(26), nullable=True))
    op.create_table(
        "acts",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.String(26), nullable=False),
        sa.Column("sender_place_id", sa.String(26), nullable=True),
        sa.Column("receiver_id", sa.String(26), nullable=True),
        sa.Column("receiver_tax", sa.String(12), nullable=True),
        sa.Column("receiver_name", sa.String(300), nullable=False),
        sa.Column("receiver_place_id", sa.String(26), nullable=True),
        sa.Column("original_id", sa.String(26), nullable=True),
        sa.Column("transfer_date", sa.Date(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("prices", sa.JSON(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("signed_as", sa.LargeBinary(), nullable=True),
        sa.Column("sender_signature_id", sa.String(26), nullable=True),
        sa.Column("sent_fact", sa.String(26), nullable=True),
        sa.Column("decided_as", sa.LargeBinary(), nullable=True),
        sa.Column("receiver_signature_id", sa.String(26), nullable=True),
        sa.Column("mode", sa.String(24), nullable=True),
        sa.Column("asked_by", sa.String(26), nullable=True),
        sa.Column("state_before", sa.String(24), nullable=True),
        sa.Column("created_by", sa.String(26), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("viewed_at", UtcDateTime(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reminded", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["original_id"], ["acts.id"], name=op.f("fk_acts_original_id_acts")),
        sa.ForeignKeyConstraint(["receiver_id"], ["organisations.id"], name=op.f("fk_acts_receiver_id_organisations")),
        sa.ForeignKeyConstraint(["receiver_place_id"], ["places.id"], name=op.f("fk_acts_receiver_place_id_places")),
        sa.ForeignKeyConstraint(
            ["receiver_signature_id"], ["signatures.id"], name=op.f("fk_acts_receiver_signature_id_signatures")
        ),
        sa.ForeignKeyConstraint(["sender_id"], ["organisations.id"], name=op.f("fk_acts_sender_id_organisations")),
        sa.ForeignKeyConstraint(["sender_place_id"], ["places.id"], name=op.f("fk_acts_sender_place_id_places")),
        sa.ForeignKeyConstraint(
            ["sender_signature_id"], ["signatures.id"], name=op.f("fk_acts_sender_signature_id_signatures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
    )
    op.create_index("ix_acts_sender_id_id", "acts", ["sender_id", "id"])
    op.create_index("ix_acts_receiver_id_id", "acts", ["receiver_id", "id"])
    op.create_index("ix_acts_receiver_tax", "acts", ["receiver_tax"])
    op.create_index("ix_acts_state_due_at", "acts", ["state", "due_at"])
    for table, key, kind in (("act_units", "code_id", sa.LargeBinary(16)), ("act_packages", "sscc", sa.String(18))):
        op.create_table(
            table,
            sa.Column("act_id", sa.String(26), nullable=False),
            sa.Column(key, kind, nullable=False),
            sa.Column("added_by", sa.String(26), nullable=False),
            sa.Column("added_at", UtcDateTime(), nullable=False),
            sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f(f"fk_{table}_act_id_acts")),
            sa.PrimaryKeyConstraint("act_id", key, name=op.f(f"pk_{table}")),
        )
    op.create_table(
        "act_rejections",
        sa.Column("act_id", sa.String(26), nullable=False),
        sa.Column("code_id", sa.LargeBinary(16), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_act_rejections_act_id_acts")),
        sa.PrimaryKeyConstraint("act_id", "code_id", name=op.f("pk_act_rejections")),
    )
    op.create_table(
        "act_extras",
        sa.Column("act_id", sa.String(26), nullable=False),
        sa.Column("code", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_act_extras_act_id_acts")),
        sa.PrimaryKeyConstraint("act_id", "code", name=op.f("pk_act_extras")),
    )
    op.create_table(
        "act_remarks",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("act_id", sa.String(26), nullable=False),
        sa.Column("organisation_id", sa.String(26), nullable=False),
        sa.Column("person_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_act_remarks_act_id_acts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act_remarks")),
    )
    op.create_index(op.f("ix_act_remarks_act_id"), "act_remarks", ["act_id"])


def downgrade():
    for table in ("act_remarks", "act_extras", "act_rejections", "act_packages", "act_units", "acts"):
        op.drop_table(table)
    op.drop_column("codes", "place_id")

"""acts: corrections, invitations, why all was rejected, what is sent again"""

import sqlalchemy as sa
from alembic import op

from backend.core.db import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("acts") as acts:
        acts.add_column(sa.Column("refusal", sa.String(24), nullable=True))
        acts.add_column(sa.Column("refusal_words", sa.String(300), nullable=False, server_default=""))
        acts.add_column(sa.Column("resent_from", sa.String(26), nullable=True))
        acts.create_foreign_key(op.f("fk_acts_resent_from_acts"), "acts", ["resent_from"], ["id"])
    op.create_table(
        "act_corrections",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("act_id", sa.String(26), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("sender_signature_id", sa.String(26), nullable=False),
        sa.Column("receiver_signature_id", sa.String(26), nullable=True),
        sa.Column("replaced", sa.LargeBinary(), nullable=True),
        sa.Column("replaced_signature_id", sa.String(26), nullable=True),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_act_corrections_act_id_acts")),
        *(
            sa.ForeignKeyConstraint([column], ["signatures.id"], name=op.f(f"fk_act_corrections_{column}_signatures"))
            for column in ("sender_signature_id", "receiver_signature_id", "replaced_signature_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act_corrections")),
    )
    op.create_index(op.f("ix_act_corrections_act_id"), "act_corrections", ["act_id"])
    op.create_table(
        "act_invitations",
        sa.Column("act_id", sa.String(26), nullable=False),
        sa.Column("letters", sa.SmallInteger(), nullable=False),
        sa.Column("mailed_at", UtcDateTime(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_act_invitations_act_id_acts")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_act_invitations")),
    )


def downgrade():
    op.drop_table("act_invitations")
    op.drop_table("act_corrections")
    with op.batch_alter_table("acts") as acts:
        acts.drop_constraint(op.f("fk_acts_resent_from_acts"), type_="foreignkey")
        for column in ("resent_from", "refusal_words", "refusal"):
            acts.drop_column(column)

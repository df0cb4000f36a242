"""identity: contacts, devices, passkeys and API keys"""

import sqlalchemy as sa
from alembic import op

from backend.core.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("email_sealed", sa.LargeBinary()))
        people.add_column(sa.Column("email_confirmed_at", UtcDateTime()))
        people.add_column(sa.Column("phone_sealed", sa.LargeBinary()))
        people.add_column(sa.Column("language", sa.String(2), nullable=False, server_default="kk"))


def downgrade():
    with op.batch_alter_table("people") as people:
        for column in ("language", "phone_sealed", "email_confirmed_at", "email_sealed"):
            people.drop_column(column)

"""codes: stock by owner, product, place and state, counted as codes move; the order in which a heap is listed"""

import sqlalchemy as sa
from alembic import op

from backend.core.ids import new_id

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

HEAP = ("owner_id", "card_id", "place_id", "state", "flags")
COUNTED = ["owner_id", "card_id", "state", "flags", "place_id", "packed", "count"]
LISTED = ["owner_id", "card_id", "state", "flags", "place_id", "package_id", "serial"]


def upgrade():
    stock = op.create_table(
        "stock",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("owner_id", sa.String(26), nullable=False),
        sa.Column("card_id", sa.String(26), nullable=False),
        sa.Column("place_id", sa.String(26), nullable=True),
        sa.Column("state", sa.String(11), nullable=False),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.Column("packed", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock")),
    )
    op.create_index("ix_stock_heap", "stock", COUNTED)
    op.create_index("ix_codes_stock", "codes", LISTED)
    op.drop_index("ix_codes_owner_id_card_id_state", "codes")
    codes = sa.table("codes", *(sa.column(name) for name in (*HEAP, "package_id")))
    heap = [codes.c[name] for name in HEAP]
    packed = sa.case((codes.c.package_id.is_not(None), True), else_=False).label("packed")
    counted = sa.select(*heap, packed, sa.func.count()).group_by(*heap, packed)
    rows = op.get_bind().execute(counted).all()
    names = (*HEAP, "packed", "count")
    if rows:
        op.bulk_insert(stock, [{"id": new_id(), **dict(zip(names, row, strict=True))} for row in rows])


def downgrade():
    op.create_index("ix_codes_owner_id_card_id_state", "codes", ["owner_id", "card_id", "state"])
    op.drop_index("ix_codes_stock", "codes")
    op.drop_table("stock")

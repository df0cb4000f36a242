"""identity: contacts, devices, passkeys and API keys"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# Written out because these tables are full elsewhere: both engines add a column with its reference in place, while
# SQLite's way around, making the table anew, would drop what others refer to.
REFERRING = {
    "sessions": (("device_id", "devices"), ("passkey_id", "passkeys")),
    "organisations": (("sandbox_of", "organisations"),),
}
MADE = ("api_keys", "confirmations", "passkey_challenges", "passkeys", "email_changes", "devices")


def upgrade():
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("email_sealed", sa.LargeBinary()))
        people.add_column(sa.Column("email_confirmed_at", MOMENT))
        people.add_column(sa.Column("phone_sealed", sa.LargeBinary()))
        people.add_column(sa.Column("language", sa.String(2), nullable=False, server_default="kk"))
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("via", sa.String(12), nullable=False, server_default="session"))
    _devices()
    _passkeys()
    _api_keys()
    for table, columns in REFERRING.items():
        for column, other in columns:
            named = f"CONSTRAINT fk_{table}_{column}_{other} REFERENCES {other} (id)"
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(26) {named}")
    op.create_index("ix_organisations_sandbox_of", "organisations", ["sandbox_of"], unique=True)


def _devices():
    op.create_table(
        "devices",
        _id(),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        _to("person_id"),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.UniqueConstraint("token_hash", "person_id", name="uq_devices_token_hash_person_id"),
        _refers("devices", "person_id", "people"),
    )
    op.create_index("ix_devices_person_id", "devices", ["person_id"])
    op.create_table(
        "email_changes",
        _id(),
        _to("person_id"),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_email_changes"),
        _refers("email_changes", "person_id", "people"),
    )
    op.create_index("ix_email_changes_person_id", "email_changes", ["person_id"])
    op.create_index("ix_email_changes_expires_at", "email_changes", ["expires_at"])


def _passkeys():
    op.create_table(
        "passkeys",
        _id(),
        sa.Column("credential", sa.LargeBinary(1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(1024), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        _to("person_id"),
        _to("organisation_id"),
        _to("signature_id"),
        sa.Column("serial", sa.String(64), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("head_id", sa.String(26)),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_why", sa.String(24)),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.UniqueConstraint("credential", name="uq_passkeys_credential"),
        _refers("passkeys", "person_id", "people"),
        _refers("passkeys", "organisation_id", "organisations"),
        _refers("passkeys", "signature_id", "signatures"),
    )
    op.create_index("ix_passkeys_person_id", "passkeys", ["person_id"])
    op.create_index("ix_passkeys_organisation_id", "passkeys", ["organisation_id"])
    op.create_table(
        "passkey_challenges",
        _id(),
        sa.Column("purpose", sa.String(12), nullable=False),
        sa.Column("challenge", sa.LargeBinary(32), nullable=False),
        sa.Column("bound_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_passkey_challenges"),
    )
    op.create_index("ix_passkey_challenges_expires_at", "passkey_challenges", ["expires_at"])
    op.create_table(
        "confirmations",
        _id(),
        sa.Column("session_id", sa.String(26), nullable=False),
        _to("person_id"),
        _to("organisation_id"),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("passkey_id", sa.String(26)),
        sa.Column("assertion", sa.JSON()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_confirmations"),
        _refers("confirmations", "person_id", "people"),
        _refers("confirmations", "organisation_id", "organisations"),
        _refers("confirmations", "passkey_id", "passkeys"),
    )
    op.create_index("ix_confirmations_session_id", "confirmations", ["session_id"])


def _api_keys():
    op.create_table(
        "api_keys",
        _id(),
        _to("organisation_id"),
        _to("created_by"),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("place_id", sa.String(26)),
        sa.Column("key_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("hint", sa.String(4), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("former_hash", sa.LargeBinary(32)),
        sa.Column("former_until", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("used_at", MOMENT),
        sa.Column("used_from", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("key_hash", name="uq_api_keys_key_hash"),
        sa.UniqueConstraint("former_hash", name="uq_api_keys_former_hash"),
        _refers("api_keys", "organisation_id", "organisations"),
        _refers("api_keys", "created_by", "people"),
        _refers("api_keys", "place_id", "places"),
    )
    op.create_index("ix_api_keys_organisation_id", "api_keys", ["organisation_id"])


def downgrade():
    op.drop_index("ix_organisations_sandbox_of", "organisations")
    for table, columns in REFERRING.items():
        for column, _ in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    for table in MADE:
        op.drop_table(table)
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("via")
    with op.batch_alter_table("people") as people:
        for column in ("language", "phone_sealed", "email_confirmed_at", "email_sealed"):
            people.drop_column(column)


def _id():
    return sa.Column("id", sa.String(26), nullable=False)


def _to(column):
    return sa.Column(column, sa.String(26), nullable=False)


def _refers(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")

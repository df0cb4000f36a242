"""initial: every table of the first release"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "chain",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fact_id", sa.String(length=26), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_chain")),
        sa.UniqueConstraint("fact_id", name=op.f("uq_chain_fact_id")),
    )
    op.create_table(
        "check_summaries",
        sa.Column("code_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("code_id", name=op.f("pk_check_summaries")),
    )
    op.create_table(
        "checkpoints",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.String(length=88), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "codes",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("serial", sa.String(length=20), nullable=False),
        sa.Column("product_group", sa.String(length=24), nullable=False),
        sa.Column("key_id", sa.String(length=4), nullable=True),
        sa.Column("card_id", sa.String(length=26), nullable=False),
        sa.Column("emission_id", sa.String(length=26), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.String(length=26), nullable=False),
        sa.Column("package_id", sa.String(length=18), nullable=True),
        sa.Column("act_id", sa.String(length=26), nullable=True),
        sa.Column("state", sa.String(length=11), nullable=False),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("introduced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codes")),
        postgresql_partition_by="HASH (id)",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("codes", schema=None) as batch_op:
        batch_op.create_index("ix_codes_emission_id_number", ["emission_id", "number"], unique=False)
        batch_op.create_index("ix_codes_owner_id_card_id_state", ["owner_id", "card_id", "state"], unique=False)
        batch_op.create_index("ix_codes_package_id", ["package_id"], unique=False)

    op.create_table(
        "facts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=True),
        sa.Column("actor_id", sa.String(length=26), nullable=True),
        sa.Column("via", sa.String(length=12), nullable=False),
        sa.Column("document_kind", sa.String(length=24), nullable=True),
        sa.Column("document_id", sa.String(length=64), nullable=True),
        sa.Column("signature_id", sa.String(length=26), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("merkle_root", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
    )
    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_facts_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_facts_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_facts_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotency_keys")),
    )
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_keys_created_at"), ["created_at"], unique=False)

    op.create_table(
        "login_challenges",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_challenges")),
    )
    with op.batch_alter_table("login_challenges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_challenges_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "movements",
        sa.Column("code_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("fact_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=11), nullable=True),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code_id", "fact_id", name=op.f("pk_movements")),
        postgresql_partition_by="HASH (code_id)",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("movements", schema=None) as batch_op:
        batch_op.create_index("ix_movements_fact_id", ["fact_id"], unique=False)

    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "operator",
                "producer",
                "importer",
                "wholesaler",
                "retail",
                "sole_trader",
                name="kind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("bin", sa.String(length=12), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "blocked", name="organisationstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("bin", name=op.f("uq_organisations_bin")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("iin_key", sa.String(length=32), nullable=False),
        sa.Column("iin_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("iin_key", name=op.f("uq_people_iin_key")),
    )
    op.create_table(
        "sightings",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("code_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("cell", sa.String(length=12), nullable=True),
        sa.Column("device", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
    )
    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sightings_at"), ["at"], unique=False)
        batch_op.create_index("ix_sightings_code_id_at", ["code_id", "at"], unique=False)

    op.create_table(
        "signatures",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("schema", sa.String(length=60), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("cms", sa.LargeBinary(), nullable=False),
        sa.Column("cms_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("signer", sa.String(length=32), nullable=False),
        sa.Column("bin", sa.String(length=12), nullable=True),
        sa.Column("profile", sa.String(length=12), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint("cms_hash", name=op.f("uq_signatures_cms_hash")),
    )
    with op.batch_alter_table("signatures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signatures_signer"), ["signer"], unique=False)

    op.create_table(
        "signing_keys",
        sa.Column("id", sa.String(length=4), nullable=False),
        sa.Column("product_group", sa.String(length=24), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
        sa.UniqueConstraint(
            "product_group", "month", "ordinal", name=op.f("uq_signing_keys_product_group_month_ordinal")
        ),
    )
    op.create_table(
        "cards",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("group", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.String(length=26), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("brand", sa.String(length=120), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("tnved", sa.String(length=10), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("producer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("importer_id", sa.String(length=26), nullable=True),
        sa.Column(
            "state",
            sa.Enum("draft", "moderation", "published", "blocked", name="cardstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["importer_id"], ["organisations.id"], name=op.f("fk_cards_importer_id_organisations")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_cards_owner_id_organisations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint("gtin", "owner_id", name=op.f("uq_cards_gtin_owner_id")),
    )
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cards_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.Enum("head", "employee", name="role", native_enum=False, length=24), nullable=False),
        sa.Column("functions", sa.JSON(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_memberships_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("person_id", "organisation_id", name=op.f("uq_memberships_person_id_organisation_id")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "packages",
        sa.Column("sscc", sa.String(length=18), nullable=False),
        sa.Column("owner_id", sa.String(length=26), nullable=False),
        sa.Column("parent_id", sa.String(length=18), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_packages_owner_id_organisations")),
        sa.ForeignKeyConstraint(["parent_id"], ["packages.sscc"], name=op.f("fk_packages_parent_id_packages")),
        sa.PrimaryKeyConstraint("sscc", name=op.f("pk_packages")),
    )
    with op.batch_alter_table("packages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_packages_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_packages_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "places",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "office",
                "production",
                "warehouse",
                "shop",
                "customs_warehouse",
                name="placekind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_places_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
    )
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_places_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=False),
        sa.Column("signature_id", sa.String(length=26), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_sessions_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id_people")),
        sa.ForeignKeyConstraint(["signature_id"], ["signatures.id"], name=op.f("fk_sessions_signature_id_signatures")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "withdrawn_lists",
        sa.Column("key_id", sa.String(length=4), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["signing_keys.id"], name=op.f("fk_withdrawn_lists_key_id_signing_keys")),
        sa.PrimaryKeyConstraint("key_id", "sha256", name=op.f("pk_withdrawn_lists")),
    )
    with op.batch_alter_table("withdrawn_lists", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_withdrawn_lists_as_of"), ["as_of"], unique=False)

    op.create_table(
        "emissions",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("card_id", sa.String(length=26), nullable=False),
        sa.Column("owner_id", sa.String(length=26), nullable=False),
        sa.Column("key_id", sa.String(length=4), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("emitted", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_emissions_card_id_cards")),
        sa.ForeignKeyConstraint(["key_id"], ["signing_keys.id"], name=op.f("fk_emissions_key_id_signing_keys")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_emissions_owner_id_organisations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emissions")),
    )
    with op.batch_alter_table("emissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_emissions_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "label_sheets",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("emission_id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("media", sa.String(length=8), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["emission_id"], ["emissions.id"], name=op.f("fk_label_sheets_emission_id_emissions")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_label_sheets_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_sheets")),
    )
    with op.batch_alter_table("label_sheets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_label_sheets_emission_id"), ["emission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_label_sheets_organisation_id"), ["organisation_id"], unique=False)

    # ### end Alembic commands ###


def downgrade():
    with op.batch_alter_table("label_sheets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_label_sheets_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_label_sheets_emission_id"))

    op.drop_table("label_sheets")
    with op.batch_alter_table("emissions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_emissions_owner_id"))

    op.drop_table("emissions")
    with op.batch_alter_table("withdrawn_lists", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_withdrawn_lists_as_of"))

    op.drop_table("withdrawn_lists")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sessions_person_id"))
        batch_op.drop_index(batch_op.f("ix_sessions_expires_at"))

    op.drop_table("sessions")
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_places_organisation_id"))

    op.drop_table("places")
    with op.batch_alter_table("packages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_packages_parent_id"))
        batch_op.drop_index(batch_op.f("ix_packages_owner_id"))

    op.drop_table("packages")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_organisation_id"))

    op.drop_table("memberships")
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cards_owner_id"))

    op.drop_table("cards")
    op.drop_table("signing_keys")
    with op.batch_alter_table("signatures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signatures_signer"))

    op.drop_table("signatures")
    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.drop_index("ix_sightings_code_id_at")
        batch_op.drop_index(batch_op.f("ix_sightings_at"))

    op.drop_table("sightings")
    op.drop_table("people")
    op.drop_table("organisations")
    with op.batch_alter_table("movements", schema=None) as batch_op:
        batch_op.drop_index("ix_movements_fact_id")

    op.drop_table("movements")
    with op.batch_alter_table("login_challenges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_challenges_expires_at"))

    op.drop_table("login_challenges")
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_keys_created_at"))

    op.drop_table("idempotency_keys")
    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facts_subject_id"))
        batch_op.drop_index(batch_op.f("ix_facts_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_facts_at"))

    op.drop_table("facts")
    with op.batch_alter_table("codes", schema=None) as batch_op:
        batch_op.drop_index("ix_codes_package_id")
        batch_op.drop_index("ix_codes_owner_id_card_id_state")
        batch_op.drop_index("ix_codes_emission_id_number")

    op.drop_table("codes")
    op.drop_table("checkpoints")
    op.drop_table("check_summaries")
    op.drop_table("chain")
    # ### end Alembic commands ###

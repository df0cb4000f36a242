"""The list of domains: whose routes are served, whose jobs are known, whose tables exist."""

from importlib import import_module
from importlib.util import find_spec

from backend.acts.api import api as acts
from backend.acts.attachments_api import api as attachments
from backend.acts.authenticity_api import api as authenticity
from backend.acts.corrections_api import api as act_corrections
from backend.acts.invitations_api import api as act_invitations
from backend.acts.meeting_api import api as meetings
from backend.acts.packing_list_api import api as packing_lists
from backend.acts.paper_api import api as act_papers
from backend.acts.picking_api import api as act_picking
from backend.acts.repeats_api import api as act_repeats
from backend.catalogue.api import api as catalogue
from backend.codes.api import api as codes
from backend.codes.stock_api import api as stock
from backend.files.api import api as files
from backend.identity.api import api as identity
from backend.identity.passkeys_api import api as passkeys
from backend.integrations.api import api as integrations
from backend.labels.api import api as labels
from backend.notifications.api import api as notifications
from backend.notifications.webhooks_api import api as webhooks
from backend.organisations.api import api as organisations
from backend.organisations.audit_api import api as audit
from backend.organisations.power_api import api as powers
from backend.organisations.staff_api import api as staff
from backend.registration.api import api as registration
from backend.signatures.api import api as signatures
from backend.signatures.api import phone as egov
from backend.verification.api import api as verification

APIS = (
    identity,
    passkeys,
    signatures,
    egov,
    organisations,
    integrations,
    staff,
    powers,
    audit,
    registration,
    acts,
    attachments,
    packing_lists,
    act_corrections,
    act_invitations,
    act_repeats,
    meetings,
    act_papers,
    authenticity,
    act_picking,
    notifications,
    webhooks,
    catalogue,
    codes,
    stock,
    files,
    labels,
    verification,
)

PACKAGES = (
    "history",
    "identity",
    "signatures",
    "organisations",
    "integrations",
    "catalogue",
    "codes",
    "notifications",
    "files",
    "registration",
    "acts",
    "labels",
    "verification",
)


def import_tasks() -> None:
    """Jobs are known by being imported; every process that may enqueue or run one calls this."""
    for package in PACKAGES:
        for part in ("models", "tasks"):
            name = f"backend.{package}.{part}"
            if find_spec(name):
                import_module(name)

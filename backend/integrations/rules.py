"""Pure rules of integrations: which powers a program may be given, and when there is a sandbox."""

from collections.abc import Collection

from backend.core.errors import Conflict, Forbidden, NotFound


class ScopeNotYours(Forbidden):
    """Nobody entrusts a program with more than they may themselves, nor with what only people do."""

    code = "integrations.scope_not_yours"


class SandboxUnknown(NotFound):
    """A test key is asked for, but the organisation has no sandbox yet."""

    code = "integrations.sandbox_unknown"


class SandboxOfSandbox(Conflict):
    code = "integrations.sandbox_of_sandbox"


def require_scopes(wanted: Collection[str], offered: Collection[str]) -> None:
    """Raises ScopeNotYours with the scopes that are not on offer."""
    beyond = sorted(set(wanted) - set(offered))
    if beyond:
        raise ScopeNotYours(scopes=beyond)

"""One family of errors and their one JSON shape; the words for each code live in the PWA, in three languages."""

from typing import Any, ClassVar


class DomainError(Exception):
    """Something a caller can understand and mend.

    `code` is the contract (`domain.what`), `status` the HTTP status, `params` the values that the words need,
    `fields` the places in the input that are wrong: `[{"field": "products.0.gtin", "code": "check_digit"}]`.
    """

    code: ClassVar[str] = ""
    status: ClassVar[int] = 409

    def __init__(self, fields: list[dict[str, Any]] | None = None, **params: Any):
        super().__init__(self.code, params)
        self.params = params
        self.fields = fields or []

    def body(self) -> dict[str, Any]:
        return {"error": {"code": self.code, "params": self.params, "fields": self.fields}}


class Invalid(DomainError):
    status = 422


class NotFound(DomainError):
    status = 404


class Conflict(DomainError):
    status = 409


class Forbidden(DomainError):
    status = 403


class Unauthorised(DomainError):
    status = 401


class TooLarge(DomainError):
    status = 413


class UnsupportedMedia(DomainError):
    status = 415


class TooMany(DomainError):
    """`retry_after` (seconds) also goes into the header of that name."""

    status = 429


class Unavailable(DomainError):
    status = 503


class RequestInvalid(Invalid):
    code = "request.invalid"


class RequestNotFound(NotFound):
    code = "request.not_found"


class MethodNotAllowed(DomainError):
    code = "request.method_not_allowed"
    status = 405


class RequestTooLarge(TooLarge):
    code = "request.too_large"


class RequestMediaType(UnsupportedMedia):
    code = "request.media_type"


class RequestOrigin(Forbidden):
    """A change asked for by another site's page (ASVS 3.5.1)."""

    code = "request.origin"


class KeyMissing(Invalid):
    code = "request.idempotency_key_missing"


class KeyReused(Invalid):
    code = "request.idempotency_key_reused"


class TooManyRequests(TooMany):
    code = "request.too_many"


class NotSignedIn(Unauthorised):
    code = "identity.not_signed_in"


class NotAllowed(Forbidden):
    code = "identity.not_allowed"


class OtherActor(Conflict):
    """Somebody else has signed in since this was done; it was done for nobody."""

    code = "request.other_actor"


class TryAgain(Unavailable):
    """The database stayed busy through every retry; nothing was done."""

    code = "request.try_again"


class Unexpected(DomainError):
    """A fault of ours: nothing was done, the request id finds it in the log."""

    code = "request.unexpected"
    status = 500


def all_codes(family: type[DomainError] = DomainError) -> set[str]:
    """Every error code that some class declares; a test holds the words of three languages against it."""
    found = {family.code} if family.code else set()
    for child in family.__subclasses__():
        found |= all_codes(child)
    return found

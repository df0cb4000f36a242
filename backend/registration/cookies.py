"""The cookie that ties an application to the browser in which the applicant signed. It opens nothing else."""

from flask import Response

from backend.identity import cookies
from backend.registration.rules import BOUND

APPLICANT = "tanba-applicant"


def applicant_token() -> str | None:
    return cookies.read(APPLICANT)


def set_applicant(answer: Response, token: str) -> None:
    cookies.put(answer, APPLICANT, token, int(BOUND.total_seconds()))

"""Files that documents name: photos of what was not taken, papers beside an act."""

from flask import Response, request

from backend.core.actor import current_actor
from backend.core.api import PARTICIPANT, Api
from backend.files import answers, service
from backend.files.rules import LARGEST
from backend.files.schemas import FileOut, shown
from backend.organisations.scope import scope

api = Api("files")


def _judge() -> service.Judged:
    return service.judge(current_actor(), request.get_data())


@api.post(
    "/files", allow=PARTICIPANT, gives=FileOut, status=201, raw=True, largest=LARGEST + service.MEGABYTE, judge=_judge
)
def bring_file(judged: service.Judged) -> FileOut:
    """Keep a file: JPEG, PNG, WebP, PDF, XLSX or CSV of at most 10 MB, told by its content; the body is its bytes."""
    return shown(service.bring(current_actor(), judged))


@api.get("/files/<file_id>", allow=PARTICIPANT, media="application/octet-stream")
def read_file(file_id: str) -> Response:
    """A file that one brought, or that belongs to a document of which one is a party."""
    return answers.of(*service.read(current_actor(), scope(), file_id))

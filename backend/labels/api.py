"""Labels: ask for a sheet (logged once), then download it as often as the connection breaks."""

from flask import Response, stream_with_context

from backend.core.actor import current_actor
from backend.core.api import Api
from backend.labels import service
from backend.labels.schemas import PresetList, PresetOut, PresetQuery, SheetIn, SheetOut
from backend.organisations.access import Permission
from backend.organisations.scope import scope

api = Api("labels")


@api.get("/labels/presets", allow=Permission.LABELS_PRINT, query=PresetQuery, gives=PresetList)
def list_presets(query: PresetQuery) -> PresetList:
    """Label stock, and what fits this product group's symbol at this resolution."""
    shown = [
        PresetOut(
            id=preset.id,
            width=preset.width,
            height=preset.height,
            places=preset.places,
            carrier=preset.carrier.value,
            fits=fits,
        )
        for preset, fits in service.fitting(query.group, query.dpi)
    ]
    return PresetList(presets=shown)


@api.post("/labels", allow=Permission.LABELS_PRINT, takes=SheetIn, gives=SheetOut, status=201)
def ask_sheet(body: SheetIn) -> SheetOut:
    """Ask for labels of a range of an emission; printing codes again needs a reason."""
    sheet = service.ask(scope(), body.model_dump(), current_actor())
    url = f"/api/v1/labels/{sheet.id}"
    return SheetOut(id=sheet.id, count=sheet.count, reprint=sheet.reason is not None, url=url)


@api.get("/labels/<sheet_id>", allow=Permission.LABELS_PRINT, media="application/octet-stream")
def download(sheet_id: str) -> Response:
    """The sheet itself, streamed."""
    sheet = service.find(scope(), sheet_id)
    answer = Response(stream_with_context(service.file(sheet)), content_type=service.MIME[sheet.media])
    answer.headers["Content-Disposition"] = f'attachment; filename="tanba-{sheet.id}.{sheet.media}"'
    return answer

"""What an organisation has: products with their counts, single codes, packages and what lies in them."""

from backend.codes import contents, stock_views
from backend.codes.stock_schemas import (
    ContentsOut,
    FitIn,
    FitList,
    HeapQuery,
    PackageQuery,
    StockCodesOut,
    StockOut,
    StockPackagesOut,
)
from backend.core.actor import current_actor
from backend.core.api import Api
from backend.core.paging import PageQuery
from backend.organisations.access import Permission
from backend.organisations.scope import scope

api = Api("stock")


@api.get("/stock", allow=Permission.CODES_SEE, query=HeapQuery, gives=StockOut)
def show_stock(query: HeapQuery) -> StockOut:
    """The organisation's own goods by product, size, place and state, the newest products first."""
    return stock_views.overview(current_actor().organisation_id, query.wanted(), query.after(), query.limit)


@api.get("/stock/codes", allow=Permission.CODES_SEE, query=HeapQuery, gives=StockCodesOut)
def list_stock_codes(query: HeapQuery) -> StockCodesOut:
    """Single codes of the organisation, of one product or of all; or those that a search finds."""
    return stock_views.listed(current_actor().organisation_id, query.wanted(), query.after(), query.limit)


@api.get("/stock/packages", allow=Permission.CODES_SEE, query=PackageQuery, gives=StockPackagesOut)
def list_stock_packages(query: PackageQuery) -> StockPackagesOut:
    """Closed packages that lie in no other: all of them, or those with a product inside."""
    own = current_actor().organisation_id
    return stock_views.packages(own, query.goods(), query.q.strip(), query.after(), query.limit)


@api.get("/packages/<sscc>/contents", allow=Permission.CODES_SEE, query=PageQuery, gives=ContentsOut)
def show_contents(sscc: str, query: PageQuery) -> ContentsOut:
    """A package looked into: the packages directly inside, products with counts, and its single codes."""
    return stock_views.inside(scope(), sscc, query.after(), query.limit)


@api.post("/packages/check", allow=Permission.CODES_PACK, takes=FitIn, gives=FitList, writes=False)
def check_packing(body: FitIn) -> FitList:
    """Whether each scanned code or package may go into a new package, and why not; nothing is changed by asking."""
    return stock_views.fits(contents.fitting(current_actor().organisation_id, body.codes))

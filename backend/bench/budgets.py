"""The promises: what each row may cost at most, or must reach at least."""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    LEAST = "≥"
    MOST = "≤"


@dataclass(frozen=True, slots=True)
class Budget:
    """A bound on a ratio to the yardstick (unit ×), or on a plain figure in its unit."""

    side: Side
    limit: float
    unit: str = "×"

    def holds(self, figure: float) -> bool:
        return figure >= self.limit if self.side is Side.LEAST else figure <= self.limit

    def __str__(self) -> str:
        return f"{self.side} {self.limit:g} {self.unit}"


BUDGETS: dict[str, Budget] = {
    "verify": Budget(Side.LEAST, 0.5),
    "growth": Budget(Side.MOST, 1.3),
    "emission": Budget(Side.LEAST, 0.5),
    "act": Budget(Side.MOST, 3),
    "others wait": Budget(Side.MOST, 1.0, "s"),
    "stock": Budget(Side.MOST, 1.5),
    "stock counted": Budget(Side.MOST, 0.25),
    "stock kinds": Budget(Side.MOST, 4),
    "signature": Budget(Side.MOST, 0.2, "s"),
    "labels": Budget(Side.LEAST, 0.4),
    "labels memory": Budget(Side.MOST, 1.1),
    "photo": Budget(Side.MOST, 1.5),
    "photo found": Budget(Side.LEAST, 1),
    "first load": Budget(Side.MOST, 60, "KB"),
    "fonts": Budget(Side.MOST, 40, "KB"),
    "decoder": Budget(Side.MOST, 420, "KB"),
    "sign chunk": Budget(Side.MOST, 100, "KB"),
    "long list": Budget(Side.MOST, 1.3),
    "camera": Budget(Side.MOST, 1.0, "s"),
    "performance": Budget(Side.LEAST, 95, "points"),
    "lighthouse": Budget(Side.LEAST, 100, "points"),
}

"""What a measurement says: our figure, the yardstick's, their ratio, and whether that keeps its budget."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from backend.bench.budgets import BUDGETS, Budget

LINE = "{:<34} {:>14} {:>14} {:>8}   {:<13} {}"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure. Without a yardstick the figure itself is held against the budget."""

    name: str
    kept_by: str
    ours: float
    yardstick: float | None
    unit: str
    note: str = ""

    @property
    def budget(self) -> Budget:
        return BUDGETS[self.kept_by]

    @property
    def ratio(self) -> float | None:
        return None if self.yardstick is None else self.ours / self.yardstick

    @property
    def within(self) -> bool:
        return self.budget.holds(self.ours if self.ratio is None else self.ratio)

    def __str__(self) -> str:
        ratio = "–" if self.ratio is None else f"{self.ratio:.2f}"
        yardstick = "–" if self.yardstick is None else figure(self.yardstick, self.unit)
        judged = "within" if self.within else "OUT"
        text = LINE.format(self.name, figure(self.ours, self.unit), yardstick, ratio, str(self.budget), judged)
        return f"{text}\n    {self.note}" if self.note else text

    def plain(self) -> dict[str, Any]:
        """The row for a file."""
        return {
            "name": self.name,
            "ours": self.ours,
            "yardstick": self.yardstick,
            "unit": self.unit,
            "ratio": self.ratio,
            "budget": str(self.budget),
            "within": self.within,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A row that this machine cannot measure, and why. It neither keeps nor breaks a budget."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name:<34} not measured: {self.reason}"

    def plain(self) -> dict[str, Any]:
        return {"name": self.name, "unmeasured": self.reason}


Result = Row | Unmeasured

HEAD = LINE.format("", "ours", "yardstick", "ratio", "budget", "")


def figure(value: float, unit: str) -> str:
    """A figure with its unit, in as many digits as it deserves."""
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 3
    text = f"{value:,.{digits}f}".replace(",", " ")
    return f"{text}{unit}" if unit.startswith("/") else f"{text} {unit}"


def exit_code(results: Iterable[Result]) -> int:
    """1 when a row is out of its budget."""
    return int(any(isinstance(one, Row) and not one.within for one in results))


def median(figures: Sequence[float]) -> float:
    """The middle one; of an even number the lower middle, so that it is always one that was measured."""
    return sorted(figures)[(len(figures) - 1) // 2]

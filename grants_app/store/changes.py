"""What one step touched: the only news that windows hear."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from grants_app.records.base import Stored


@dataclass(frozen=True, slots=True)
class Changes:
    """The ids that a step touched, by kind of record; a kind with None was touched in so many that all count."""

    step_id: int
    words: str
    touched: Mapping[str, frozenset[int] | None] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def involve(self, *kinds: type[Stored], id: int | None = None) -> bool:
        """Whether any of these kinds (Setting: of the file) was touched; with `id`, that record of the kind."""
        for kind in kinds:
            ids = self.touched.get(kind.__tablename__, frozenset())
            if ids is None or (ids and id is None) or (id is not None and id in ids):
                return True
        return False

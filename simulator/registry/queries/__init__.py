"""The named queries, one file each; a new file is a new query."""

import importlib
import pkgutil
from functools import cache

from simulator.errors import UnknownNameError
from simulator.registry.query import Query
from simulator.schema.vocabulary import SEARCHES


@cache
def queries() -> dict[str, Query]:
    """Every query by name, in the order of the vocabulary of searches."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    found = [importlib.import_module(f"{__name__}.{name}").QUERY for name in names]
    by_name: dict[str, Query] = {query.name: query for query in found}
    return {term.code: by_name[term.code] for term in SEARCHES if term.code in by_name}


def query(name: str) -> Query:
    """The query called `name`.

    Raises:
        UnknownNameError: there is none.
    """
    known = queries()
    if name not in known:
        raise UnknownNameError("search", name, known)
    return known[name]

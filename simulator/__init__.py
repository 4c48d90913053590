"""jukisim: a synthetic resident registry, its offices and its audit log, with the truth kept apart.

The library face, loaded when first asked for::

    import simulator

    world = simulator.generate("mini", seed=3, out="town")   # or simulator.World.open("town")
    events = world.run.table("event")                        # a polars frame; what a detector may see
    scores = world.detect("has_reason")                      # event_id, score
    card = simulator.score(world.run, scores)                # finds the answer key in town.truth

`help(simulator)` lists the names; each says what it takes, gives and raises. Whatever stands below in modules of its
own may change between versions; these names may not without a line in the changelog.

The package is a house of floors; a module imports only from floors below its own. From the bottom:
``errors`` · ``clock streams schema spec`` · ``world pseudonym storage`` · ``population`` · ``registry`` ·
``access`` · ``labels dataset`` · ``workload`` · ``scenario`` · ``simulate`` · ``export detect scoring`` ·
``generation report`` · ``face`` · ``cli``.
"""

from importlib import import_module as _import_module

__version__ = "0.1.0"
_FACE = {
    "AccessRequest": "access", "Answer": "live.answer", "AnswerKey": "labels", "Dataset": "dataset", "Gate": "access",
    "Live": "live.desk", "Outcome": "access", "Policy": "access", "Population": "population", "Request": "live.desk",
    "Scenario": "scenario", "Scorecard": "scoring", "SimulatorError": "errors", "World": "face", "cached": "face",
    "generate": "face", "people": "face", "score": "face", "table": "face",
}  # fmt: skip
"""Name → module that defines it. What types they have, `__init__.pyi` says."""
__all__ = ["__version__"]
__all__ += list(_FACE)


def __getattr__(name: str) -> object:
    """Load a name of the face when it is first asked for."""
    if name not in _FACE:
        msg = f"module 'simulator' has no attribute {name!r}"
        raise AttributeError(msg)
    found = getattr(_import_module(f"simulator.{_FACE[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The names of the face."""
    return sorted(__all__)

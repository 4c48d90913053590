"""jukisim: a synthetic resident registry, its offices and its audit log, with the truth kept apart.

The package is a house of floors; a module imports only from floors below its own. From the bottom:
``errors`` · ``clock streams schema spec`` · ``world pseudonym storage`` · ``population`` · ``registry`` ·
``access`` · ``labels dataset`` · ``workload`` · ``scenario`` · ``simulate`` · ``export detect scoring`` ·
``generation report`` · ``cli``.
"""

__version__ = "0.1.0"
__all__ = ["__version__"]

"""``python -m simulator.cli`` is the command ``jukisim``."""

from simulator.cli.app import main

if __name__ == "__main__":
    main()

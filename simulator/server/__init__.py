"""The HTTP face of a run: FastAPI, made from the same declarations as the library and the command line."""

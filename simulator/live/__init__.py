"""A run in use: staff ask questions of its register, and what they do goes to ``RUN.live``, never into the run.

Nothing is imported here: the declarations of `simulator.live.questions` are read by ``--help``, which must stay light.
The way in is `simulator.live.desk.Live`.
"""

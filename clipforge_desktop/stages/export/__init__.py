"""The parts of an export: pure arithmetic and filter graphs, and the files that come out.

`stages.exporting` is the verb; each module here answers one question of it.
"""

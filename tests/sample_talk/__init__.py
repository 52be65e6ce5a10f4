"""The parts that make the sample talk: what is said, the voices, the faces, the studio.

Run by `python -m tests.make_sample`, never by users or tests; it needs espeak-ng's library.
"""

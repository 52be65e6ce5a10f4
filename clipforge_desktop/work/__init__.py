"""Pieces of work as values: what equal work is called, whether its result is known, its commit.

Both towers use it: workers for what they did, the desk for what need not be done again. It
knows the domain and the store, and no engine.
"""

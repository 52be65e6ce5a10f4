"""Finding the moments worth sharing: clean stretches, hook scores, sound, and an honest ranking.

Knows only the domain. Numbers, phrases and word lists live in `resources/ranking.toml`.
"""

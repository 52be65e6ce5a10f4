"""Editing a clip by its words: corrections, strikes, trims, paces, title, and subtitle files.

Wishes become edits of the clip or corrections of the words, all of them undone by the window's
undo; nothing here writes by itself.
"""

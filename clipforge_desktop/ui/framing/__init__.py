"""Framing in the window: which part of the picture each shot shows, and every wish about it.

The player paints what `FramingStudy.plan` says, which is what the export asks too. What the user
decides becomes part of the clip's edit; nothing here looks for faces.
"""

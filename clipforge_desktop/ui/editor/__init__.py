"""The caption style editor: every field of a style with its control, live in the clip.

The fields come from the model itself (`fields`), the draft and its undo from `draft` and
`history`; the rest are widgets. `style_desk` is what the window talks to.
"""

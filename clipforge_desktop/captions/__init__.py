"""Words, a style and a time become a picture: the one painter of preview, thumbnail and export.

This room paints with QtGui and never with widgets; it knows the domain and nothing else.
"""

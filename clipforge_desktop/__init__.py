"""ClipForge Desktop: long videos in, ready-to-post captioned clips out, offline."""

__version__ = "0.1.0"

"""Clips as timelines that video editors open: OpenTimelineIO, FCPXML, Premiere XML and EDL.

Values of the domain go in, text comes out; nothing here reads or writes a file, knows the
window or the store. Every format tells the same `Sequence`, so they all cut at the same frames.
"""

"""Where the people are, and from that which part of the picture a clip shows.

Detection, tracks, the framing of each shot and the camera's path; knows only the domain.
Pictures come in from outside, one at a time, so that memory is flat in the length of a clip.
"""

"""Everything that reads a file: one door to ffmpeg, probing, sound, pictures and cuts.

Nobody else starts ffmpeg or opens a container. Knows only the domain.
"""

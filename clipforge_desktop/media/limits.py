"""What we are willing to read: media formats, protocols, picture size and length, in one place.

Formats that make a reader open other files or addresses (playlists, manifests, session
descriptions, numbered pictures) are not on the list; libav itself then refuses them, even where
one is hidden inside another format. The same values hold for ffmpeg and for PyAV.
"""

MAX_PIXELS = 8192 * 4352
"""Largest picture: DCI 8K (8192x4320), its height rounded up to whole coding blocks."""

MAX_SIDE_PX = 16000
MAX_DURATION_S = 24 * 3600.0

PROTOCOLS = "file"

DEMUXERS = (
    "aac", "ac3", "ac4", "aiff", "amr", "ape", "apng", "asf", "asf_o", "au", "av1", "avi", "caf",
    "dts", "dtshd", "dv", "eac3", "flac", "flv", "gif", "gxf", "h263", "h264", "hevc", "ivf",
    "kux", "loas", "m4v", "matroska", "mjpeg", "mov", "mp3", "mpc", "mpc8", "mpeg", "mpegts",
    "mpegvideo", "mxf", "nsv", "nut", "obu", "ogg", "rm", "sox", "tak", "truehd", "tta", "vc1",
    "vvc", "w64", "wav", "wtv", "wv", "yuv4mpegpipe",
)  # fmt: skip
"""Names as libav's demuxers list them; one name of a demuxer with several is enough."""

FORMAT_WHITELIST = ",".join(DEMUXERS)

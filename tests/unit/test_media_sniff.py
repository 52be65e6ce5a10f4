"""Content alone decides what a file is, before anything that could follow it elsewhere."""

import pytest

from clipforge_desktop.media.sniff import Content, content_of, has_drm_marks

MPD = b'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period/></MPD>'
SDP = b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 96\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n",
        b"\xef\xbb\xbf#EXTM3U\n",
        b"\n\n  #EXTM3U\nx.ts\n",
        "\ufeff#EXTM3U\n".encode("utf-16-le"),
        b"ffconcat version 1.0\nfile '/etc/hostname'\n",
        b"file 'a.mp4'\nfile 'b.mp4'\n",
        MPD,
        b"<SmoothStreamingMedia MajorVersion='2'/>",
        SDP,
        SDP.replace(b"\r", b""),
        b"[playlist]\nFile1=http://x/\n",
        b"<smil><body/></smil>",
        b"#EXTM3U\n" + bytes(100),
    ],
)
def test_everything_that_points_elsewhere_is_a_playlist(head: bytes) -> None:
    assert content_of(head) is Content.PLAYLIST


@pytest.mark.parametrize(
    ("head", "content"),
    [
        (b"Dear diary,\nnothing happened.\n", Content.TEXT),
        ("Größe, naïve".encode(), Content.TEXT),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", Content.TEXT),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), Content.PICTURE),
        (b"\xff\xd8\xff\xe0" + bytes(20), Content.PICTURE),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Content.PICTURE),
        (b"\0\0\0\x20ftypavif" + bytes(20), Content.PICTURE),
        (b"\0\0\0\x20ftypisom" + bytes(20), Content.MEDIA),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", Content.MEDIA),
        (b"\x1aE\xdf\xa3" + bytes(20), Content.MEDIA),
        (b"\x47\x40\x00\x10" + bytes(20), Content.UNKNOWN),
        (b"\xff\xfb\x90\x00" + bytes(20), Content.UNKNOWN),
    ],
)
def test_other_contents_are_told_apart(head: bytes, content: Content) -> None:
    assert content_of(head) is content


def test_text_cut_in_the_middle_of_a_letter_is_still_text() -> None:
    assert content_of(("é" * 4000).encode()[: 64 * 1024]) is Content.TEXT
    assert content_of(b"x" + ("é" * 4000).encode()) is Content.TEXT


def test_encrypted_sample_descriptions_are_noticed() -> None:
    assert has_drm_marks(b"...encv....sinf....schmcenc")
    assert not has_drm_marks(b"...avc1....")

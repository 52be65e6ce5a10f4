"""Numbers as people say them: times, lengths, sizes; every number with its unit."""

from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.source import VideoStream

STAGE_VERBS = {
    Queue.IMPORT: "Reading",
    Queue.TRANSCRIPTION: "Transcribing",
    Queue.CLIP_DETECTION: "Finding clips",
    Queue.FRAMING: "Framing",
    Queue.EXPORT: "Exporting",
}
STAGE_NAMES = {
    Queue.IMPORT: "Import",
    Queue.TRANSCRIPTION: "Transcription",
    Queue.CLIP_DETECTION: "Clip detection",
    Queue.FRAMING: "Framing",
    Queue.EXPORT: "Export",
}
STATE_NAMES = {
    JobState.BLOCKED: "Waiting for an earlier step",
    JobState.QUEUED: "Waiting",
    JobState.RUNNING: "Running",
    JobState.RETRY_WAIT: "Trying again soon",
    JobState.PAUSED: "Paused",
    JobState.CANCELLING: "Stopping",
    JobState.DONE: "Done",
    JobState.FAILED: "Failed",
    JobState.QUARANTINED: "Set aside",
    JobState.CANCELLED: "Cancelled",
}


def clock(seconds: float) -> str:
    """0:38, 12:41, 1:02:03."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def length(seconds: float) -> str:
    """38 s, 52 min, 1 h 48 min."""
    whole = max(0, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def less(seconds: float) -> str:
    """What is taken off a length: minus 4.2 s; plus, when it is brought back."""
    return f"{'+' if seconds < 0 else chr(0x2212)}{abs(seconds):.1f} s"


def minus(number: float) -> str:
    """-14 with a true minus sign, without needless zeros."""
    return f"{number:g}".replace("-", "\N{MINUS SIGN}")


def lufs(loudness: float) -> str:
    return f"{minus(loudness)}\N{NO-BREAK SPACE}LUFS"


def time_left(seconds: float | None) -> str:
    return "" if seconds is None else f"{length(max(seconds, 1))} left"


def percent(fraction: float) -> str:
    return f"{round(min(max(fraction, 0.0), 1.0) * 100)}\N{NO-BREAK SPACE}%"


def count(number: int, noun: str) -> str:
    """1 clip, 3 clips."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def resolution(video: VideoStream | None) -> str:
    """1080p, 4K HDR, Sound only."""
    if video is None:
        return "Sound only"
    short = min(video.display_size_px)
    name = {2160: "4K", 4320: "8K"}.get(short, f"{short}p")
    return f"{name} HDR" if video.is_hdr else name


def joined(*parts: str) -> str:
    """The parts that say something, with middle dots."""
    return " · ".join(part for part in parts if part)


def working_line(job: Job) -> str:
    """What a running job does: Transcribing · 41 % · 6 min left."""
    if job.state is JobState.CANCELLING:
        return "Stopping"
    doing = job.note or STAGE_VERBS[job.queue]
    return joined(doing, percent(job.progress), time_left(job.seconds_left))

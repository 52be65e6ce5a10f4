"""One verb a file, `run(request, context) -> result`: import, transcribe, find, export.

A stage knows neither SQL nor Huey; whatever runs it gives it folders and takes its progress.
"""

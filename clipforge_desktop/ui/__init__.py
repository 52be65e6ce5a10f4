"""The window: Qt widgets and nothing else.

It reads rows and writes wishes through `app`; every file and database call runs on a
background thread, and the heavy engines are never loaded here.
"""

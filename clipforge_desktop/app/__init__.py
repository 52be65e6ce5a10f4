"""What the window and the command line share: commands, changes, the supervisor, health.

No Qt and no engines here; a command is a row, and what happened is read back as rows.
"""

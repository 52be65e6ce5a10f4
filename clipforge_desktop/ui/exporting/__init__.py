"""Exporting in the window: what is chosen, what is told before, how far it is, what came out.

The panel keeps the choices; `ExportDesk` turns them into a wish, asks in the background what is
to be said about it, and passes it to the actions. Nothing here renders.
"""

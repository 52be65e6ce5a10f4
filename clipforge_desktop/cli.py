"""The same verbs as the window, typed."""

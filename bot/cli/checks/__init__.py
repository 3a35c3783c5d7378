"""Checks whether everything is ready to serve; they change and buy nothing."""

"""The terminal in place of Discord: shows a job on one line, and saves its video to a file."""

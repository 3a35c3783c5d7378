"""The terminal in Discord's place: shows a job on one line, and brings its video to a file."""

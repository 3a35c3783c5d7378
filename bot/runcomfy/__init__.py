"""The RunComfy adapter: its wire format, its errors and its files, behind the domain's ports."""

from bot.runcomfy.connect import ApiTimeouts, DownloadPace, RunComfy, connect_runcomfy

__all__ = ["ApiTimeouts", "DownloadPace", "RunComfy", "connect_runcomfy"]

"""Copies of videos that fit their place, films of several videos, and last pictures, by ffmpeg."""

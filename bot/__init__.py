"""A Discord bot that makes Kling 3.0 videos of words and pictures, and never pays twice for one."""

"""A Discord bot that turns a prompt into a Kling 3.0 Pro video, and never pays twice for it."""

"""Presentation: jobs as cards, buttons and words. The only part that writes to Discord."""

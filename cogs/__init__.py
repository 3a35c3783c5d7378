"""The commands: each validates, calls the desk once, and shows one card."""

"""The runner: it carries every live job from the row to the delivered video."""

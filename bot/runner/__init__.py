"""The runner: carries every active job from its row to the delivered video."""

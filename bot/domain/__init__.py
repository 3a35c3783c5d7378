"""The domain: what a generation is, costs and goes through. No I/O happens here."""

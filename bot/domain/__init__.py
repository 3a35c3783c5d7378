"""The domain: what a generation is, what it costs and how it proceeds. No I/O happens here."""

"""What only makers of the bot need: its documents' pictures and tables, drawn from the code."""

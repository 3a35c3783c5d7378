"""The composition root. Settings stop here: everything below takes plain values by keyword."""

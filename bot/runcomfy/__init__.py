"""The RunComfy adapter: its wire format, its errors and its files, behind the domain's ports."""

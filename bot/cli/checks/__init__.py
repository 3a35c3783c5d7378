"""Whether everything is ready to serve: looked at, and never changed or bought."""

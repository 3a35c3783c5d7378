"""Result files on this machine's disk: the spool of what is not yet delivered, and the archive."""

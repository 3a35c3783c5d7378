"""Result files on the local disk: the spool for undelivered ones, and the archive."""

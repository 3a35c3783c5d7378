"""Discord's shards shared among processes: who serves which, and who may identify when."""

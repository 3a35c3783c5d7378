"""Tools for developers alone: they generate the documents' pictures and tables from the code."""

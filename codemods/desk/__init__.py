"""The command line's other half: which files, and how what was found is said."""

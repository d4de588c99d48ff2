"""Images larger than memory: strips of rows from a source, through the pass, into a target, whole or not at all."""

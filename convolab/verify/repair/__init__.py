"""Which smallest change of a wrong program makes it right? Edits of its own syntax tree, tried where it runs.

`rules`, `calls` and `statements` propose edits, `candidates` puts them in order, `program` runs a program with some of
them, all in the contained process. `search` asks for that from outside and compares; `sentence` says what was found.
"""

"""Measurements: each subject beside its peers, in one interleaved run, kept as a record that pages are written from."""

"""A class: its hand-ins, as Moodle and Canvas give them out, judged, and what goes back."""

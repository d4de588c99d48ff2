"""What a result looks like: shapes that become an SVG or a matplotlib figure, and tables that notebooks show."""

from convolab.drawing.drawing import Drawing as Drawing

"""How do several components of one image show themselves? As pictures side by side."""

from convolab.drawing import Drawing
from convolab.drawing.markup import block, picture
from convolab.drawing.planes import plane_of, planes


class Shown:
    """What a named tuple of components knows besides its arrays: its picture, and how a notebook shows it."""

    __slots__ = ()

    def drawing(self) -> Drawing:
        """Return every component under its name; of (H, W, C) the first channel."""
        named = {name: plane_of(getattr(self, name), "edges") for name in self._fields}  # type: ignore[attr-defined]
        flat = {name: values[..., 0] if values.ndim == 3 else values for name, values in named.items()}
        return planes(flat, f"The edges of an image: {', '.join(flat)}")

    def _repr_html_(self) -> str | None:
        """Return the picture; nothing of arrays that are computed later."""
        if any(hasattr(component, "dask") for component in self):  # type: ignore[attr-defined]
            return None
        return block(picture(self.drawing()))

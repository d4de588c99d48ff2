"""Which other pictures show the same thing? Shifted, turned, sheared and wobbled ones, a batch at a time.

Every random number comes from a generator of the step's own, on the CPU: all devices see the same pictures.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from convolab.network.recipes import Recipe

# At strength 1, all drawn uniformly within ±: degrees, fractions of the size, degrees; then a field of random arrows
# on a coarse grid, in pixels, drawn smooth between its points.
ROTATION, SCALE, SHEAR = 12.0, 0.11, 8.0
FIELD_POINTS, FIELD_PIXELS = 5, 1.5


def augment(images: Tensor, recipe: Recipe, source: torch.Generator) -> Tensor:
    """A batch of fractions 0–1 (B, C, H, W) as the recipe changes it; background 0 comes in from the sides."""
    if recipe.distort:
        return distort(images, recipe, source)
    return shift(images, recipe.shift, source) if recipe.shift else images


def shift(images: Tensor, most: int, source: torch.Generator) -> Tensor:
    """Each image moved by its own whole number of pixels, up to `most` along y and x."""
    count, _, height, width = images.shape
    dy, dx = torch.randint(0, 2 * most + 1, (2, count), generator=source).to(images.device)
    windows = F.pad(images, (most,) * 4).unfold(2, height, 1).unfold(3, width, 1)
    return windows[torch.arange(count, device=images.device), :, dy, dx]


def distort(images: Tensor, recipe: Recipe, source: torch.Generator) -> Tensor:
    """Each image turned, scaled, sheared, shifted and bent in its own way, by one bilinear sampling."""
    count, _, height, width = images.shape
    grid = F.affine_grid(affine(count, recipe, (height, width), source), list(images.shape), align_corners=False)
    field = torch.randn(count, 2, FIELD_POINTS, FIELD_POINTS, generator=source) * FIELD_PIXELS * recipe.distort
    smooth = F.interpolate(field, (height, width), mode="bicubic", align_corners=True).permute(0, 2, 3, 1)
    grid = grid + smooth * torch.tensor([2 / width, 2 / height])
    return F.grid_sample(images, grid.to(images.device), align_corners=False)


def affine(count: int, recipe: Recipe, size: tuple[int, int], source: torch.Generator) -> Tensor:
    """Random affine maps (count, 2, 3) from positions in the result to positions in the image, both −1…1."""
    turn, stretch_y, stretch_x, slant, dy, dx = 2 * torch.rand(6, count, generator=source) - 1
    turn, slant = (math.radians(d) * recipe.distort * u for d, u in ((ROTATION, turn), (SHEAR, slant)))
    stretch_y, stretch_x = (1 + SCALE * recipe.distort * u for u in (stretch_y, stretch_x))
    cos, sin = turn.cos(), turn.sin()
    lean = slant.tan()
    rows = [
        torch.stack([cos * stretch_x, (cos * lean - sin) * stretch_y, 2 * recipe.shift / size[1] * dx], 1),
        torch.stack([sin * stretch_x, (sin * lean + cos) * stretch_y, 2 * recipe.shift / size[0] * dy], 1),
    ]
    return torch.stack(rows, 1)

"""Which other pictures show the same thing? Shifted, turned, sheared and wobbled ones, a batch at a time.

Every random number comes from a generator of the step's own, on the CPU: all devices see the same pictures.
"""

import math
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from convolab.network.training.recipes import Recipe

# At strength 1, all drawn uniformly within ±: degrees, fractions of the size, degrees; then a field of random arrows
# on a coarse grid, normal with this deviation in pixels, drawn smooth between its points.
ROTATION, SCALE, SHEAR = 12.0, 0.11, 8.0
FIELD_POINTS, FIELD_PIXELS = 5, 0.8


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
    """Each image turned, scaled, sheared, shifted and bent in its own way, by one bilinear sampling.

    Where a pixel comes from is linear in the random numbers, so one matrix product finds it for the whole batch.
    """
    count, _, height, width = images.shape
    size = torch.tensor([width, height])
    field = torch.randn(count, 2, FIELD_POINTS**2, generator=source) * (FIELD_PIXELS * recipe.distort)
    numbers = torch.cat([_affine(count, recipe, size, source), field * (2 / size)[:, None]], 2)
    grid = (numbers @ basis(height, width)).reshape(count, 2, height, width).permute(0, 2, 3, 1)
    return F.grid_sample(images, grid.to(images.device), align_corners=False)


@cache
def basis(height: int, width: int) -> Tensor:
    """What each number of an image's map contributes at each pixel, (3 + FIELD_POINTS², H · W): x, y, 1, the field."""
    straight = F.affine_grid(torch.eye(2, 3)[None], [1, 1, height, width], align_corners=False).reshape(-1, 2).T
    points = torch.eye(FIELD_POINTS**2).reshape(1, -1, FIELD_POINTS, FIELD_POINTS)
    smooth = F.interpolate(points, (height, width), mode="bicubic", align_corners=True).reshape(FIELD_POINTS**2, -1)
    return torch.cat([straight, torch.ones(1, height * width), smooth])


def _affine(count: int, recipe: Recipe, size: Tensor, source: torch.Generator) -> Tensor:
    """Random affine maps (count, 2, 3) from (x, y, 1) in the result to (x, y) in the image, both −1…1."""
    turn, wide, high, slant, dx, dy = 2 * torch.rand(6, count, generator=source) - 1
    turn, slant = (math.radians(d) * recipe.distort * u for d, u in ((ROTATION, turn), (SHEAR, slant)))
    wide, high = (1 + SCALE * recipe.distort * u for u in (wide, high))
    cos, sin, lean = turn.cos(), turn.sin(), slant.tan()
    x = torch.stack([cos * wide, (cos * lean - sin) * high, 2 * recipe.shift / size[0] * dx], 1)
    y = torch.stack([sin * wide, (sin * lean + cos) * high, 2 * recipe.shift / size[1] * dy], 1)
    return torch.stack([x, y], 1)

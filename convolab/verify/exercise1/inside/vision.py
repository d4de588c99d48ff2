"""What stands in for torchvision: MNIST from the small part that is served, and the usual transforms of images."""

import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from convolab.verify.exercise1.inside.images import ServedImages
from convolab.verify.exercise1.inside.patching import put
from convolab.verify.exercise1.inside.quiet import Quiet, module

Pixels = Any


class Compose:
    """One transform after another."""

    def __init__(self, transforms: Any):
        self.transforms = transforms

    def __call__(self, image: Pixels) -> Pixels:
        for transform in self.transforms:
            image = transform(image)
        return image


class ToTensor:
    """An image as a tensor (C, H, W); bytes become fractions."""

    def __init__(self, *arguments: Any, **options: Any) -> None: ...

    def __call__(self, image: Pixels) -> torch.Tensor:
        array = np.array(image)
        tensor = torch.from_numpy(array[None] if array.ndim == 2 else array.transpose(2, 0, 1).copy())
        return tensor.float() / 255 if tensor.dtype == torch.uint8 else tensor


class PILToTensor(ToTensor):
    """The same, with bytes as they are."""

    def __call__(self, image: Pixels) -> torch.Tensor:
        array = np.array(image)
        return torch.from_numpy(array[None] if array.ndim == 2 else array.transpose(2, 0, 1).copy())


class ConvertImageDtype:
    """A tensor of another type; `scale` says whether bytes become fractions."""

    def __init__(self, dtype: Any = torch.float32, scale: bool = True):
        self.dtype, self.scale = dtype, scale

    def __call__(self, image: torch.Tensor) -> torch.Tensor:
        scaled = self.scale and image.dtype == torch.uint8 and self.dtype.is_floating_point
        return image.to(self.dtype) / 255 if scaled else image.to(self.dtype)


class ToDtype(ConvertImageDtype):
    """The same as version 2 has it: bytes stay as they are unless `scale` says otherwise."""

    def __init__(self, dtype: Any, scale: bool = False):
        super().__init__(dtype, scale)


class Normalize:
    """(x − mean) / std."""

    def __init__(self, mean: Any, std: Any, inplace: bool = False):
        self.mean, self.std = (torch.as_tensor(v, dtype=torch.float32).reshape(-1, 1, 1) for v in (mean, std))

    def __call__(self, image: torch.Tensor) -> torch.Tensor:
        return (image - self.mean) / self.std


class Lambda:
    """Any function."""

    def __init__(self, function: Callable[[Any], Any]):
        self.function = function

    def __call__(self, image: Pixels) -> Pixels:
        return self.function(image)


class Resize:
    """An image of another size."""

    def __init__(self, size: Any, *arguments: Any, **options: Any):
        self.size = (size, size) if isinstance(size, int) else tuple(size)

    def __call__(self, image: Pixels) -> Pixels:
        if isinstance(image, torch.Tensor):
            if tuple(image.shape[-2:]) == self.size:
                return image
            return torch.nn.functional.interpolate(image[None].float(), self.size, mode="bilinear")[0]
        return image if image.size == self.size[::-1] else image.resize(self.size[::-1])


class Pad:
    """Zeros around an image."""

    def __init__(self, padding: Any, *arguments: Any, **options: Any):
        self.padding = padding if isinstance(padding, int) else padding[0]

    def __call__(self, image: Pixels) -> Pixels:
        if isinstance(image, torch.Tensor):
            return torch.nn.functional.pad(image, [self.padding] * 4)
        return _image(np.pad(np.array(image), self.padding))


class Unchanged:
    """An augmentation: left out, so that every image can be recognised."""

    def __init__(self, *arguments: Any, **options: Any) -> None: ...

    def __call__(self, image: Pixels) -> Pixels:
        return image


class MNIST(torch.utils.data.Dataset):  # type: ignore[type-arg]
    """MNIST's interface on a small part of its images."""

    images: ServedImages
    classes = tuple(
        f"{n} - {name}" for n, name in enumerate("zero one two three four five six seven eight nine".split())
    )

    def __init__(
        self, root: Any = None, train: bool = True, transform: Any = None, target_transform: Any = None,
        download: bool = False, **options: Any,
    ):  # fmt: skip
        self.root, self.train, self.transform, self.target_transform = root, train, transform, target_transform
        served = self.images
        pixels, labels = (
            (served.train_images, served.train_labels) if train else (served.test_images, served.test_labels)
        )
        self.data = torch.from_numpy(pixels.copy())
        self.targets = torch.from_numpy(labels.astype(np.int64))
        self.class_to_idx = {name: n for n, name in enumerate(self.classes)}

    @property
    def train_data(self) -> Any:
        return self.data

    test_data = train_data

    @property
    def train_labels(self) -> Any:
        return self.targets

    test_labels = train_labels

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: Any) -> Any:
        image, label = _image(self.data[index].numpy()), int(self.targets[index])
        if self.transform is not None:
            image = self.transform(image)
        return image, label if self.target_transform is None else self.target_transform(label)


def _image(array: np.ndarray) -> Any:
    from PIL import Image

    return Image.fromarray(array.astype(np.uint8))


TRANSFORMS = (Compose, ToTensor, PILToTensor, ConvertImageDtype, ToDtype, Normalize, Lambda, Resize, Pad)
AUGMENTATIONS = (
    "RandomRotation RandomAffine RandomCrop RandomHorizontalFlip RandomVerticalFlip RandomErasing RandomPerspective "
    "ElasticTransform GaussianBlur ColorJitter RandomResizedCrop RandomApply Grayscale CenterCrop AutoAugment "
    "RandAugment ToPILImage InterpolationMode"
).split()


def install(images: ServedImages) -> None:
    """Let `import torchvision` find all this."""
    MNIST.images = images
    known: dict[str, Any] = {kind.__name__: kind for kind in TRANSFORMS}
    known |= dict.fromkeys(AUGMENTATIONS, Unchanged) | {"ToImage": PILToTensor}
    functional = module("torchvision.transforms.functional", to_tensor=ToTensor(), normalize=_normalize)
    transforms = module("torchvision.transforms", **known, functional=functional)
    put(transforms, "v2", module("torchvision.transforms.v2", **known, functional=functional))
    sets = {"MNIST": MNIST, "FashionMNIST": MNIST, "KMNIST": MNIST}
    datasets = module("torchvision.datasets", **sets, mnist=module("torchvision.datasets.mnist", **sets))
    utils = module("torchvision.utils", make_grid=_grid, save_image=Quiet())
    module(
        "torchvision", datasets=datasets, transforms=transforms, utils=utils, __version__="0",
        models=module("torchvision.models"), io=module("torchvision.io"),
    )  # fmt: skip
    _keep_splits_possible()


def _normalize(image: Any, mean: Any, std: Any, inplace: bool = False) -> Any:
    return Normalize(mean, std)(image)


def _grid(images: Any, *arguments: Any, **options: Any) -> Any:
    return images[0] if isinstance(images, torch.Tensor) and images.ndim == 4 else images


def _keep_splits_possible() -> None:
    """Let splits that add up to 60,000 or 10,000 images, and parts of so many, be taken of the small part too."""
    data = torch.utils.data
    split, subset = data.random_split, data.Subset.__init__

    def random_split(dataset: Any, lengths: Any, *arguments: Any, **options: Any) -> Any:
        whole, n = sum(lengths), len(dataset)
        if whole > 1 and whole != n:
            scaled = [max(1, int(length * n / whole)) for length in lengths]
            lengths = [n - sum(scaled[1:]), *scaled[1:]]
        return split(dataset, lengths, *arguments, **options)

    def init(self: Any, dataset: Any, indices: Any) -> None:
        indices = list(indices)
        n = len(dataset)
        if indices and max(indices) >= n:
            most = max(indices) + 1
            whole = 60_000 if most > 10_000 else max(most, 10_000) if n < 10_000 else most
            indices = sorted({int(i * n / max(whole, most)) for i in indices})
        subset(self, dataset, indices)

    data.random_split = random_split
    put(data.Subset, "__init__", init)
    for name in ("torch.utils.data.dataset", "torch.utils.data"):
        found = sys.modules.get(name)
        if isinstance(found, types.ModuleType):
            put(found, "random_split", random_split)

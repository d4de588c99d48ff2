"""How does a tensor lie in memory?"""


def lies_channels_last(tensor) -> bool:
    """Whether a tensor's channels are its fastest axis, as in `torch.channels_last`."""
    return tensor.dim() > 3 and not tensor.is_contiguous() and tensor.stride(1) == 1

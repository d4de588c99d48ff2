"""Which parameter of somebody's function is which? By its name, its annotation, its default and its place."""

# ruff: noqa: E501 - tables

import re
from collections.abc import Sequence

from convolab.verify.targets import OPTIONS, Parameters

# What parameters are called, in lower case without underscores at the ends. The first role that has the name gets it.
NAMES = {
    role: frozenset(names.split())
    for role, names in {
        "input": "input inputs inp x xs x_in xin image images img imgs im pic picture a_prev aprev a_slice_prev a_prev_pad data "
        "src source signal sig volume feature_map features fmap in_ input_data input_tensor input_image in_data "
        "input_array input_matrix matrix array arr x_input input_feature input_features",
        "weight": "weight weights w ws kernel kernels ker kern k filter filters filt flt filter_kernel omega conv_kernel conv_filter "
        "conv_filters weight_tensor filter_weights mask window_weights h kernel_weights wt",
        "grad_output": "grad_output grad_out gradoutput output_grad out_grad dout d_out dy dz dloss_dy dl_dy dldy dl_dout d_l_d_out delta "
        "upstream upstream_grad upstream_gradient grad gradient grads d_output doutput gout gy dl_dz grad_y dloss_dout output_gradient "
        "grad_outputs grad_z g_out dl",
        "bias": "bias biases b bs beta b_vec bias_vector bias_term",
        "stride": "stride strides s step steps st stride_size",
        "padding": "padding pad pads p pad_width zero_padding zero_pad padding_size pad_size margin paddings pd",
        "dilation": "dilation dilations dilate rate dilation_rate atrous d",
        "groups": "groups group num_groups n_groups ngroups",
        "cache": "cache",
        "context": "ctx context",
        "options": "conv_param conv_params hparameters hparams hyperparameters params param options opts config cfg hyper",
        "input_size": "input_size input_shape x_shape in_shape shape image_shape img_shape xshape insize in_size image_size a_prev_shape",
        "weight_size": "weight_size weight_shape w_shape kernel_shape filter_shape wshape filter_size",
        "kernel_size": "kernel_size ksize k_size filter_size kernel_dim f_size fsize kernel_shape",
        "in_channels": "in_channels in_ch cin c_in input_channels n_in in_chan in_features input_depth n_channels channels in_planes num_channels",
        "out_channels": "out_channels out_ch cout c_out output_channels n_out num_filters n_filters filters out_chan n_kernels "
        "out_planes num_kernels depth nb_filters n_f output_depth",
        "mode": "mode boundary border pad_mode padding_mode padding_type border_mode padding pad",
        "out": "out output result res dst y",
        "use_bias": "bias use_bias has_bias",
        "rate": "lr learn_rate learning_rate l_rate eta alpha step_size rate",
    }.items()
}
SIZES_OF = {"input_size": "input", "weight_size": "weight"}
# Sizes that a gradient is handed as two numbers: for each operation pairs of names, in lower case without underscores.
SIDES = {
    "input_rows": ("input", 0), "input_columns": ("input", 1), "kernel_rows": ("kernel", 0), "kernel_columns": ("kernel", 1)
}  # fmt: skip
_PAIRED = {
    "input_gradient": ("h w", "height width", "inh inw", "hin win", "ih iw", "hx wx", "rows cols", "rows columns"),
    "weight_gradient": ("kh kw", "fh fw", "hh ww", "hk wk", "hf wf", "r s", "h w", "rows cols", "rows columns"),
}
# Roles that a parameter of each place has, for every kind of callable.
CALLED = (
    "input",
    "weight",
    "grad_output",
    "bias",
    *OPTIONS,
    "cache",
    "context",
    "options",
    "input_size",
    "weight_size",
    "mode",
    "out",
)
CONSTRUCTED = (
    "in_channels",
    "out_channels",
    "kernel_size",
    *OPTIONS,
    "input_size",
    "mode",
    "use_bias",
    "weight",
    "bias",
    "options",
    "rate",
)


def spelled(name: str) -> str:
    """Return a name as the table has it: lower case, words joined by underscores, no digits behind."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip("_")
    return re.sub(r"(?<=[a-z])\d+$", "", words)


def role_of(parameter: Parameters, among: Sequence[str]) -> str:
    """Return the role that a parameter's name has, or an empty string."""
    name = spelled(parameter["name"])
    return next((role for role in among if name in NAMES[role] and _may_be(role, parameter)), "")


def _may_be(role: str, parameter: Parameters) -> bool:
    """Return whether the default agrees with the role: arrays have none but None, and numbers are no arrays."""
    default = parameter.get("default")
    if role in ("input", "weight", "grad_output", "out"):
        return default is None
    if role == "use_bias":
        return isinstance(default, bool)
    if role == "bias":
        return not isinstance(default, bool)
    if role in OPTIONS:
        return not isinstance(default, str)
    if role == "mode":
        return default is None or isinstance(default, str)
    return True


def assigned(parameters: Sequence[Parameters], arrays: Sequence[str], among: Sequence[str] = CALLED) -> list[str]:
    """Return the role of every parameter, with those arrays first; empty for one that is left alone.

    An array that no name tells is the first required parameter that has no role yet; options are told by their place
    where none is told by its name.
    """
    wanted = [*arrays, *(role for role in among if role not in ("input", "weight", "grad_output") or role in arrays)]
    roles: list[str] = []
    for p in parameters:
        role = role_of(p, [r for r in wanted if r not in roles])
        roles.append(role)
    free = [n for n, p in enumerate(parameters) if not roles[n] and p["kind"] != "keyword"]
    for array in (a for a in arrays if a not in roles):
        needed = next((n for n in free if "default" not in parameters[n]), None)
        if needed is None:  # conv(a, b): an array that is needed comes before a bias
            needed = next((n for n, r in enumerate(roles) if r == "bias" and "default" not in parameters[n]), None)
        if needed is None:
            break
        roles[needed] = array
        free = [n for n in free if n != needed]
    if not any(option in roles for option in (*OPTIONS, "options", "cache")):
        numbers = [n for n in free if _is_number(parameters[n]) and _is_unsaid(parameters[n])]
        for option, n in zip(OPTIONS, numbers, strict=False):
            roles[n] = option
    return roles


def sized(parameters: Sequence[Parameters], arrays: Sequence[str], operation: str) -> list[str]:
    """Return the roles like `assigned`, with the sizes of a gradient's result that are handed in as two numbers."""
    names = [p["name"].replace("_", "").lower() if "default" not in p else "" for p in parameters]
    pairs = (pair.split() for pair in _PAIRED.get(operation, ()))
    found = next((pair for pair in pairs if set(pair) <= {*names} and len(parameters) - 2 >= len(arrays)), [])
    sides = [s for s in SIDES if s.startswith("input" if operation == "input_gradient" else "kernel")]
    at = {max(n for n, own in enumerate(names) if own == one): side for one, side in zip(found, sides, strict=False)}
    if operation == "weight_gradient" and not at and "weight" not in arrays:
        of_kernel = {*(NAMES["kernel_size"] - NAMES["weight_size"]), "size", "k", "f"}
        needed = (n for n, p in enumerate(parameters) if "default" not in p and spelled(p["name"]) in of_kernel)
        at = dict.fromkeys([*needed][:1], "kernel_size")
    rest = iter(assigned([p for n, p in enumerate(parameters) if n not in at], arrays))
    roles = [at[n] if n in at else next(rest) for n in range(len(parameters))]
    for n, p in enumerate(parameters):
        if roles[n] == "weight_size" and len(p.get("unpacked", ())) == 2:
            roles[n] = "kernel_size"
    return roles


def _is_unsaid(parameter: Parameters) -> bool:
    """Return whether a name says nothing, so that its place does: one or two letters, or an argument that is needed."""
    name = spelled(parameter["name"])
    return name not in NAMES["out"] and ("default" not in parameter or len(name) <= 2)


def _is_number(parameter: Parameters) -> bool:
    default = parameter.get("default", 0)
    return isinstance(default, int | list) and not isinstance(default, bool)

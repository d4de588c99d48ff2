"""Models and their files: the sheet's layers, and nothing damaged is ever loaded."""

import json

import pytest
import safetensors.torch
import torch

from convolab.errors import ArgumentError, InputError, OutputError, UsageError
from convolab.files import write_whole
from convolab.network.model import runs
from convolab.network.model.checkpoint import load_model, save_model
from convolab.network.model.classifier import count_parameters, pool_first, to_fractions
from convolab.network.model.models import build_model

pytestmark = pytest.mark.quick

CONFIG = {
    "model": "lab",
    "input_shape": [1, 28, 28],
    "classes": list("0123456789"),
    "normalisation": {"mean": 0.1307, "std": 0.3081},
}


@pytest.fixture
def saved(tmp_path):
    torch.manual_seed(3)
    network = build_model("lab")
    return network, save_model(tmp_path / runs.MODEL, network, CONFIG)


def test_lab_has_the_sheet_s_parameters():
    assert count_parameters(build_model("lab")) == 93_322
    assert build_model("lab", (3, 40, 30), 4)(torch.zeros(2, 3, 40, 30)).shape == (2, 4)


def test_pooling_first_computes_the_same_and_learns_the_same():
    torch.manual_seed(0)
    network, images = build_model("lab"), torch.rand(8, 1, 28, 28)
    cheap = pool_first(network)
    assert [name for name, _ in cheap.named_children()][1:3] == ["pool1", "relu1"]
    assert torch.equal(network(images), cheap(images))
    first, second = (gradients(model, images) for model in (network, cheap))
    assert all(map(torch.equal, first, second))


def gradients(model, images):
    """Of some function of the logits, for every parameter."""
    loss = model(images).logsumexp(1).square().sum()
    return torch.autograd.grad(loss, list(model.parameters()))


def test_what_is_saved_is_loaded_with_its_normalisation(saved):
    network, path = saved
    classifier, config = load_model(path)
    images = torch.rand(4, 1, 28, 28)
    assert torch.equal(classifier(images), network((images - 0.1307) / 0.3081))
    assert config == {"format": 1} | CONFIG and not classifier.training
    assert torch.equal(runs.load(path)(images), classifier(images))


def tamper(path, *, tensors=None, metadata=None):
    """Write the file again with other tensors or other metadata."""
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        kept = dict(file.metadata())
    weights = safetensors.torch.load_file(path)
    path.write_bytes(safetensors.torch.save(weights | (tensors or {}), kept | (metadata or {})))


def config_with(**changed) -> dict:
    return {"convolab": json.dumps({"format": 1} | CONFIG | changed)}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"tensors": {"linear2.bias": torch.ones(10)}}, "do not match the checksum"),
        ({"metadata": {"convolab": "{"}}, "no configuration"),
        ({"metadata": config_with(format=9)}, "has no format 1"),
        ({"metadata": config_with(input_shape=[1, 40, 40])}, "does not fit its weights"),
        ({"metadata": config_with(classes=["a"])}, "does not fit its weights"),
        ({"metadata": config_with(normalisation={"median": 1})}, "does not fit its weights"),
    ],
)
def test_a_tampered_model_is_refused(saved, changed, words):
    _, path = saved
    tamper(path, **changed)
    with pytest.raises(InputError, match=words) as caught:
        load_model(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("keep", [0, 5, 300, 200_000])
def test_a_truncated_model_is_refused(saved, keep):
    _, path = saved
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InputError, match="not a readable safetensors file"):
        load_model(path)


def test_a_model_of_another_program_is_refused(tmp_path):
    path = tmp_path / "other.safetensors"
    path.write_bytes(safetensors.torch.save({"w": torch.zeros(3)}))
    with pytest.raises(InputError, match="not one that convolab wrote"):
        load_model(path)


def test_unknown_models_and_small_images_are_refused():
    with pytest.raises(UsageError, match=r"'resnet' is unknown\. Expected lab"):
        build_model("resnet")
    with pytest.raises(ArgumentError, match="Expected 18 × 18"):
        build_model("lab", (1, 17, 28))


def test_runs_are_found_by_folder_by_latest_and_by_file(saved, tmp_path):
    _, path = saved
    older, newer = (tmp_path / "runs" / name for name in ("a", "b"))
    for folder in (older, newer):
        folder.mkdir(parents=True)
        (folder / runs.MODEL).write_bytes(path.read_bytes())
        (folder / runs.RESULT).write_text("{}")
    assert runs.find_model("latest", tmp_path / "runs").parent == newer
    assert runs.find_model(older) == older / runs.MODEL and runs.find_model(path) == path


def test_what_is_no_run_is_said(tmp_path):
    with pytest.raises(InputError, match="no finished run in"):
        runs.find_model("latest", tmp_path)
    with pytest.raises(InputError, match="not a run's folder"):
        runs.find_model(tmp_path)
    (tmp_path / runs.CONFIG).write_text("")
    with pytest.raises(InputError, match="convolab train --resume"):
        runs.find_model(tmp_path)


def test_pixels_become_fractions():
    assert to_fractions(torch.tensor([[0, 255, 51]], dtype=torch.uint8)).tolist() == [[0.0, 1.0, pytest.approx(0.2)]]


def test_a_file_that_cannot_be_written_leaves_the_older_one(tmp_path, monkeypatch):
    path = write_whole(tmp_path / "file", "old")
    with pytest.raises(OutputError, match="Files saved before are intact"):
        write_whole(tmp_path / "nowhere" / "file", "new")
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OutputError, match="No space left on device"):
        write_whole(path, "new")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]

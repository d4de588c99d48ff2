"""Edges of Dask arrays: the bits of the whole image, in blocks, also on a cluster of two worker processes."""

import numpy as np
import pytest
from in_turn import in_turn

import convolab as cl
from convolab.errors import ArgumentError

da = pytest.importorskip("dask.array")

IMAGE = np.random.default_rng(5).integers(0, 256, (97, 131), dtype=np.uint8)
FLOATS = np.random.default_rng(6).normal(size=(97, 131)).astype(np.float32)


@pytest.fixture(autouse=True)
def one_process():
    import dask

    with dask.config.set(scheduler="synchronous"):
        yield


MODES = ["valid", "zeros", "reflect", "symmetric", "replicate", "circular"]


@pytest.mark.parametrize("mode, name", in_turn(MODES, ["sobel", "roberts", "farid", "gaussian"]))
def test_blocks_have_the_bits_of_the_whole(mode, name):
    # 40 + 40 + 17 rows, and a last chunk of two columns that no window of its own fits into
    for chunks in [(40, 43), (97, 131), (11, (129, 2))]:
        for image in (IMAGE, FLOATS):
            whole = cl.edges(image, name, mode=mode)
            blocks = cl.edges(da.from_array(image, chunks=chunks), name, mode=mode)
            assert blocks.shape == whole.shape and blocks.dtype == whole.dtype
            assert np.array_equal(blocks.compute(), whole)


@pytest.mark.parametrize("mode", MODES[1:])
def test_a_border_wider_than_the_array_is_that_of_the_whole(mode):
    image = FLOATS[:40, :30]
    found = cl.gaussian(da.from_array(image, chunks=20), sigma=10, mode=mode)
    assert np.array_equal(found.compute(), cl.gaussian(image, sigma=10, mode=mode))
    colours = np.dstack([image] * 3)
    found = cl.gaussian(da.from_array(colours, chunks=20), sigma=10, mode=mode, channels="each")
    assert np.array_equal(found.compute(), cl.gaussian(colours, sigma=10, mode=mode, channels="each"))


def test_components_together_and_normalised():
    image = da.from_array(IMAGE, chunks=(40, 50))
    show = ("x", "magnitude", "direction")
    for options in ({}, {"normalize": True}, {"normalize": True, "dtype": "uint8"}):
        if "dtype" in options:
            show = ("x", "magnitude")
        for block, whole in zip(
            cl.edges(image, show=show, **options), cl.edges(IMAGE, show=show, **options), strict=True
        ):
            assert block.dtype == whole.dtype and np.array_equal(block.compute(), whole)


def test_colours():
    image = np.random.default_rng(7).integers(0, 256, (50, 61, 3), dtype=np.uint8)
    blocks = da.from_array(image, chunks=(20, 30, 1))
    assert np.array_equal(cl.sobel(blocks).compute(), cl.sobel(image))
    assert np.array_equal(cl.sobel(blocks, channels="each").compute(), cl.sobel(image, channels="each"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what the cluster's own libraries remark on is not ours
def test_a_cluster_of_two_worker_processes_gives_the_same_bits():
    import os

    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        workers = client.run(os.getpid)
        assert len(set(workers.values()) | {os.getpid()}) == 3
        image = da.from_array(FLOATS, chunks=(20, 40))
        found = client.compute(cl.sobel(image, mode="reflect"), sync=False)
        assert np.array_equal(found.result(timeout=120), cl.sobel(FLOATS, mode="reflect"))
        assert len({worker for held in client.who_has([found]).values() for worker in held}) == 1
        tasks = client.run(lambda dask_worker: len(dask_worker.state.log))
        assert len(tasks) == 2 and all(tasks.values()), "one of the workers did nothing"


def test_refusals():
    image = da.from_array(IMAGE, chunks=(40, 43))
    with pytest.raises(ArgumentError, match="out: a Dask array is computed later"):
        cl.sobel(image, out=np.zeros(IMAGE.shape))
    with pytest.raises(ArgumentError, match="image: its chunks have unknown sizes"):
        cl.sobel(image[image[:, 0] > 9])
    with pytest.raises(ArgumentError, match="fewer than the 3 × 3"):
        cl.sobel(image[:2])

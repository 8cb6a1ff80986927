"""Arrays as numpy, xarray, zarr and scipy read them."""

import json
import warnings

import numpy as np
import scipy.io
import xarray
import zarr

from expected import same

DIMENSIONS = ("time", "channel", "realization")


def numpy_reads(dataset):
    with np.load(dataset.file("npz"), allow_pickle=False) as archive:
        assert sorted(archive.files) == ["channel", "data", "meta", "realization", "time"]
        same(archive["data"], dataset.values, "numpy data")
        same(archive["time"], dataset.time, "numpy time")
        same(archive["channel"], np.arange(dataset.shape[1]), "numpy channel")
        same(archive["realization"], np.arange(dataset.shape[2]), "numpy realization")
        meta = json.loads(str(archive["meta"]))
    for name, value in dataset.attributes.items():
        assert meta[name] == value, f"numpy meta: {name} is {meta[name]}"
    yield "npz"


def check_xarray(opened, dataset, what):
    assert opened["data"].dims == DIMENSIONS, f"{what}: {opened['data'].dims}"
    same(opened["data"].values, dataset.values, f"{what} data")
    for name, expected in zip(DIMENSIONS, (dataset.time, *map(np.arange, dataset.shape[1:]))):
        assert name in opened.coords, f"{what}: {name} is no coordinate"
        found = opened[name].values
        # NetCDF-3 has no integers of 64 bits.
        same(found.astype("i8") if found.dtype.kind == "i" else found, expected, f"{what} {name}")
    for name, value in dataset.attributes.items():
        found = opened.attrs[name]
        text = isinstance(found, str) and not isinstance(value, str)
        assert (json.loads(found) if text else found) == value, f"{what}: attribute {name} is {found!r}"


def xarray_reads(dataset):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with xarray.open_zarr(dataset.file("zarr")) as opened:
            check_xarray(opened.load(), dataset, "xarray zarr")
        yield "zarr"
        for engine in ("scipy", "netcdf4"):
            with xarray.open_dataset(dataset.file("nc"), engine=engine) as opened:
                check_xarray(opened.load(), dataset, f"xarray netcdf ({engine})")
        yield "netcdf"


def zarr_reads(dataset):
    group = zarr.open_group(dataset.file("zarr"), mode="r")
    same(group["data"][:], dataset.values, "zarr data")
    assert group["data"].metadata.dimension_names == DIMENSIONS
    for name, value in dataset.attributes.items():
        assert group.attrs[name] == value, f"zarr: attribute {name} is {group.attrs[name]!r}"
    yield "zarr"


def scipy_reads(dataset):
    with scipy.io.netcdf_file(dataset.file("nc"), mmap=False) as opened:
        data = opened.variables["data"]
        assert data.dimensions == DIMENSIONS
        same(data[:].astype(dataset.dtype), dataset.values, "scipy data")
    yield "netcdf"


READERS = {"numpy": numpy_reads, "xarray": xarray_reads, "zarr": zarr_reads, "scipy": scipy_reads}

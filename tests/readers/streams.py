"""Reads a stream of several datasets from stdin.

    mts generate … -o - --format arrow | python streams.py arrow     prints rows and a checksum
"""

import io
import json
import sys
import zlib

import numpy as np
import polars
import pyarrow

data = sys.stdin.buffer.read()
kind = sys.argv[1]
if kind == "arrow":
    table = pyarrow.ipc.open_stream(data).read_all()
    values, names = table.column("value").to_numpy(), table.column("config_id").cast(pyarrow.string())
    frame = polars.read_ipc_stream(io.BytesIO(data))
    assert np.array_equal(frame["value"].to_numpy(), values)
    assert frame["config_id"].cast(polars.String).to_list() == names.to_pylist()
    names = names.to_pylist()
else:
    read = {"csv": polars.read_csv, "ndjson": polars.read_ndjson}[kind]
    frame = read(io.BytesIO(data))
    values, names = frame["value"].to_numpy(), frame["config_id"].to_list()
crc = zlib.crc32(values.astype("<f8").tobytes())
print(json.dumps({"rows": len(values), "crc": crc, "names": sorted(set(names))}))

"""Tables as pyarrow, pandas, polars and duckdb read them."""

import json

import duckdb
import numpy as np
import pandas
import polars
import pyarrow.csv
import pyarrow.feather
import pyarrow.json
import pyarrow.parquet

from expected import same_table

# Rows of JSON have neither types of their own nor an order.
JSON = {"typed": False, "ordered": False}


def from_arrow(table):
    columns = {}
    for name in table.column_names:
        column = table.column(name)
        if pyarrow.types.is_dictionary(column.type):
            column = column.cast(pyarrow.string())
        columns[name] = column.to_numpy()
    return columns


def from_pandas(frame):
    return {name: frame[name].to_numpy() for name in frame.columns}


def from_polars(frame):
    text = [name for name, kind in frame.schema.items() if kind in (polars.Categorical, polars.Enum)]
    frame = frame.with_columns(polars.col(name).cast(polars.String) for name in text)
    return {name: frame[name].to_numpy() for name in frame.columns}


def from_duckdb(path, reader):
    connection = duckdb.connect()
    return connection.execute(f"select * from {reader}('{path}')").fetchnumpy()


def attributes(metadata, expected, what):
    """The attributes of a file with key-value metadata: text as it is, all else as JSON."""
    found = {key.decode(): value.decode() for key, value in metadata.items()}
    for name, value in expected.attributes.items():
        text = found[name]
        assert text == value or json.loads(text) == value, f"{what}: attribute {name} is {text}"


def pyarrow_reads(dataset):
    parquet, arrow = dataset.file("parquet"), dataset.file("arrow")
    table = pyarrow.parquet.read_table(parquet)
    attributes(table.schema.metadata, dataset, "pyarrow parquet")
    same_table(from_arrow(table), dataset, "pyarrow parquet")
    yield "parquet"
    assert pyarrow.parquet.ParquetFile(parquet).metadata.num_rows == table.num_rows
    table = pyarrow.ipc.open_file(arrow).read_all()
    table.validate(full=True)
    attributes(table.schema.metadata, dataset, "pyarrow arrow")
    same_table(from_arrow(table), dataset, "pyarrow arrow")
    yield "arrow"
    same_table(from_arrow(pyarrow.csv.read_csv(dataset.file("csv"))), dataset, "pyarrow csv", typed=False)
    yield "csv"
    same_table(from_arrow(pyarrow.json.read_json(dataset.file("ndjson"))), dataset, "pyarrow ndjson", **JSON)
    yield "ndjson"


def pandas_reads(dataset):
    same_table(from_pandas(pandas.read_parquet(dataset.file("parquet"))), dataset, "pandas parquet")
    yield "parquet"
    same_table(from_pandas(pandas.read_feather(dataset.file("arrow"))), dataset, "pandas arrow")
    yield "arrow"
    time = "ds" if dataset.form == "panel" else "time"
    dates = [time] if dataset.kind == "dates" else False
    frame = pandas.read_csv(dataset.file("csv"), parse_dates=dates, float_precision="round_trip")
    same_table(from_pandas(frame), dataset, "pandas csv", typed=False)
    yield "csv"
    # pandas' own parser of JSON rounds the last digits; its rows are right all the same.
    frame = pandas.read_json(dataset.file("ndjson"), lines=True, dtype=False, precise_float=True, convert_dates=dates)
    found, wanted = from_pandas(frame), dataset.columns()
    assert set(found) == set(wanted), f"pandas ndjson: columns {list(found)}"
    for name, column in wanted.items():
        if column.dtype.kind == "f":
            assert np.allclose(found[name].astype("f8"), column, rtol=1e-7, atol=0), f"pandas ndjson, {name}"
        elif column.dtype.kind == "i":
            assert np.array_equal(found[name], column), f"pandas ndjson, {name}"
    yield "ndjson"


def polars_reads(dataset):
    same_table(from_polars(polars.read_parquet(dataset.file("parquet"))), dataset, "polars parquet")
    yield "parquet"
    same_table(from_polars(polars.read_ipc(dataset.file("arrow"))), dataset, "polars arrow")
    yield "arrow"
    frame = polars.read_csv(dataset.file("csv"), try_parse_dates=True)
    same_table(from_polars(frame), dataset, "polars csv", typed=False)
    yield "csv"
    same_table(from_polars(polars.read_ndjson(dataset.file("ndjson"))), dataset, "polars ndjson", **JSON)
    yield "ndjson"


def duckdb_reads(dataset):
    found = from_duckdb(dataset.file("parquet"), "read_parquet")
    same_table(found, dataset, "duckdb parquet")
    yield "parquet"
    same_table(from_duckdb(dataset.file("csv"), "read_csv"), dataset, "duckdb csv", typed=False)
    yield "csv"
    same_table(from_duckdb(dataset.file("ndjson"), "read_ndjson"), dataset, "duckdb ndjson", **JSON)
    yield "ndjson"


READERS = {"pyarrow": pyarrow_reads, "pandas": pandas_reads, "polars": polars_reads, "duckdb": duckdb_reads}

"""Relational tables as pyarrow, duckdb, pandas, polars and sqlite3 read them: all find the same cells."""

import json
import sqlite3
import sys
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.json
import pyarrow.parquet

folder, read = Path(sys.argv[1]), {}


def plain(value):
    """A cell as all readers can agree on it."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, bool):
        return int(value)
    if hasattr(value, "isoformat"):
        text = value.isoformat()
        return text.removesuffix("T00:00:00") if not hasattr(value, "hour") or value.hour == 0 else text
    if isinstance(value, float) and value == int(value):
        return int(value)
    return value


def rows(table):
    return [{name: plain(value) for name, value in row.items()} for row in table.to_pylist()]


def same(reader, name, found, expected):
    assert len(found) == len(expected), (reader, name, len(found), len(expected))
    for at, (one, other) in enumerate(zip(found, expected)):
        assert one == other, (reader, name, at, one, other)
    read[reader] = read.get(reader, 0) + 1


connection = duckdb.connect()
names = sorted(path.stem for path in folder.glob("*.arrow"))
database = sqlite3.connect(next(folder.glob("*.sqlite")))
for name in names:
    arrow = pyarrow.feather.read_table(folder / f"{name}.arrow")
    expected = rows(arrow)
    partitioned = (folder / name).is_dir()
    parquet = folder / (name if partitioned else f"{name}.parquet")
    if partitioned:
        # Folders have an order of their own.
        key = arrow.column_names[0]
        found = pa.Table.from_pylist(pyarrow.parquet.read_table(parquet).to_pylist()).select(arrow.column_names)
        order = lambda found: sorted(found, key=lambda row: json.dumps(row, sort_keys=True))
        same("pyarrow partitions", name, order(rows(found)), order(expected))
        count = connection.execute(f"select count(*) from read_parquet('{parquet}/**/*.parquet', hive_partitioning=true)")
        assert count.fetchall() == [(len(expected),)]
    else:
        same("pyarrow parquet", name, rows(pyarrow.parquet.read_table(parquet)), expected)
        same("duckdb parquet", name, rows(connection.sql(f"from '{parquet}'").to_arrow_table()), expected)
        same("polars parquet", name, rows(polars.read_parquet(parquet).to_arrow()), expected)
        pandas.testing.assert_frame_equal(pandas.read_parquet(parquet), arrow.to_pandas(), check_dtype=False)
    types = {field.name: field.type for field in arrow.schema if not pa.types.is_nested(field.type)}
    options = pyarrow.csv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False)
    table = pyarrow.csv.read_csv(folder / f"{name}.csv", convert_options=options)
    flat = [column for column in arrow.column_names if column in types]
    same("pyarrow csv", name, rows(table.select(flat)), rows(arrow.select(flat)))
    lines = [json.loads(line) for line in (folder / f"{name}.ndjson").read_text().splitlines()]
    assert lines == json.loads((folder / f"{name}.json").read_text())
    same("json", name, [{key: plain(value) for key, value in row.items()} for row in lines], expected)
    cells = database.execute(f'select {", ".join(flat)} from "{name}"')
    found = [dict(zip(flat, row)) for row in cells]
    key = database.execute(f"select name from pragma_table_info('{name}') where pk = 1").fetchone()
    wanted = rows(arrow.select(flat))
    if key:
        found, wanted = (sorted(table, key=lambda row: row[key[0]]) for table in (found, wanted))
    same("sqlite3", name, [{name: plain(value) for name, value in row.items()} for row in found], wanted)
assert database.execute("pragma foreign_key_check").fetchall() == []
assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
print(json.dumps(read))

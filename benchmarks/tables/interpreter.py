"""Any document of tables, row by row: `python3 benchmarks/tables/interpreter.py DOCUMENT.json FOLDER [SCALE]`.

What one would write in Python, with the standard library alone, to make tables from a document: a function for each
column, a dictionary for each row, expressions compiled once and evaluated in each row, csv.DictWriter. It knows what
configs/tables/retail.yaml needs: its types, laws, relationships with looked-up columns, and kinds of dirt.
"""

import csv
import datetime
import json
import math
import os
import random
import sys
import uuid


def poisson(rng, mean):
    """Knuth's way, which is right for small means."""
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def number(spec, rng):
    """A draw of the law of a column, as a function."""
    low, high = spec.get("min", -math.inf), spec.get("max", math.inf)
    match spec.get("distribution", "uniform"):
        case "uniform":
            return lambda: rng.uniform(low, high)
        case "normal":
            draw = lambda: rng.gauss(spec["mean"], spec["std"])
        case "lognormal":
            draw = lambda: rng.lognormvariate(spec["mean"], spec["sigma"])
        case "poisson":
            draw = lambda: poisson(rng, spec["lambda"])
    return lambda: min(max(draw(), low), high)


def expression(text, rng):
    """The value of an expression as a function of the row."""
    code = compile(text, text, "eval")
    names = {
        "__builtins__": {}, "round": round, "max": max, "min": min, "normal": rng.gauss,
        "rand_days_after": lambda day, low, high: day + datetime.timedelta(days=rng.randint(low, high)),
    }
    return lambda at, row: eval(code, names, row)


def column(spec, rng):
    """The value of a column as a function of the number of the row and the row so far."""
    if "computed" in spec:
        return expression(spec["computed"], rng)
    match spec["type"]:
        case "id" if spec.get("id_mode") == "uuid":
            return lambda at, row: str(uuid.UUID(int=rng.getrandbits(128), version=4))
        case "id":
            start = spec.get("start", 1)
            return lambda at, row: start + at
        case "integer":
            draw = number(spec, rng)
            return lambda at, row: int(draw())
        case "float":
            draw, digits = number(spec, rng), spec.get("round", 2)
            return lambda at, row: round(draw(), digits)
        case "categorical":
            values, weights = spec["categories"], spec["weights"]
            return lambda at, row: rng.choices(values, weights)[0]
        case "boolean":
            return lambda at, row: rng.random() < spec["true_probability"]
        case "date":
            first = datetime.date.fromisoformat(spec["start"])
            days = (datetime.date.fromisoformat(spec["end"]) - first).days
            return lambda at, row: first + datetime.timedelta(days=rng.randint(0, days))
        case "datetime":
            first = datetime.datetime.fromisoformat(spec["start"])
            seconds = int((datetime.datetime.fromisoformat(spec["end"]) - first).total_seconds())
            return lambda at, row: first + datetime.timedelta(seconds=rng.randint(0, seconds))
        case "email":
            return lambda at, row: f"person.{at}@example.com"
        case "string_pattern":
            return lambda at, row: f"{spec['prefix']}{at:0{spec['width']}d}"
        case "constant":
            return lambda at, row: spec["value"]
    raise ValueError(spec["type"])


def is_number(spec):
    categories = spec.get("categories", [""])
    return spec.get("type") in ("integer", "float") or all(isinstance(value, (int, float)) for value in categories)


def parents_of(relationship, parents, rows, rng):
    """The parent of each row, in random order."""
    least, most = relationship["min_children"], relationship["max_children"]
    counts = [least] * parents
    rest = rows - least * parents
    while rest > 0:
        parent = rng.randrange(parents)
        if counts[parent] < most:
            counts[parent] += 1
            rest -= 1
    made = [parent for parent, count in enumerate(counts) for _ in range(count)]
    rng.shuffle(made)
    return made


def links(document, name, kept, rows, rng):
    """The relationships of a child table: the parent of each row, and pairs of columns that are copied."""
    made = []
    for relationship in document["relationships"]:
        if relationship["child_table"] == name:
            parents = kept[relationship["parent_table"]]
            copied = {relationship["parent_key"]: relationship["child_key"], **relationship.get("lookup_columns", {})}
            made.append((parents, parents_of(relationship, len(parents), rows, rng), list(copied.items())))
    return made


def spoil(row, dirt, free, numbers, rng):
    for name in free:
        if rng.random() < dirt["missing_by_column"].get(name, dirt["missing_rate"]):
            row[name] = None
    if numbers and rng.random() < dirt["outlier_rate"]:
        name = rng.choice(numbers)
        if row[name] is not None:
            row[name] *= rng.uniform(4, 10)
    for name, noise in dirt["type_noise"].items():
        if rng.random() < noise["rate"] and row[name] is not None:
            row[name] = noise["value"]


def rows_of(document, name, kept, rows, rng):
    """The rows of a table, one after the other."""
    table = document["tables"][name]
    of_parents = links(document, name, kept, rows, rng)
    copied = {own for _, _, pairs in of_parents for _, own in pairs}
    columns = [(spec["name"], column(spec, rng)) for spec in table["columns"] if spec["name"] not in copied]
    referred = {key for relationship in document["relationships"] if relationship["parent_table"] == name
                for key in (relationship["parent_key"], *relationship.get("lookup_columns", {}))}
    keeps = kept[name] if referred else None
    given = table.get("corruption", {})
    dirt = {"missing_rate": 0, "missing_by_column": {}, "outlier_rate": 0, "type_noise": {}, **given}
    keys = {spec["name"] for spec in table["columns"] if spec.get("constraints", {}).get("primary_key")}
    keys |= {pairs[0][1] for _, _, pairs in of_parents}
    free = [spec["name"] for spec in table["columns"] if spec["name"] not in keys]
    numbers = [spec["name"] for spec in table["columns"] if spec["name"] in free and is_number(spec)]
    copies = []
    for at in range(rows):
        row = {}
        for parents, order, pairs in of_parents:
            parent = parents[order[at]]
            for theirs, own in pairs:
                row[own] = parent[theirs]
        for own, value in columns:
            row[own] = value(at, row)
        if keeps is not None:
            keeps.append({key: row[key] for key in referred})
        if given:
            spoil(row, dirt, free, numbers, rng)
        if rng.random() < dirt.get("duplicate_rate", 0):
            copies.append(row)
        yield row
    yield from copies


def main():
    with open(sys.argv[1]) as file:
        document = json.load(file)
    folder, scale = sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 1.0
    os.makedirs(folder, exist_ok=True)
    rng = random.Random(document["seed"])
    kept = {name: [] for name in document["tables"]}
    # Parents stand before their children in the document.
    for name, table in document["tables"].items():
        with open(os.path.join(folder, f"{name}.csv"), "w", newline="") as file:
            header = [spec["name"] for spec in table["columns"]]
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            for row in rows_of(document, name, kept, round(table["rows"] * scale), rng):
                writer.writerow(row)


if __name__ == "__main__":
    main()

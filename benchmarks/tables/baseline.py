"""The shop of configs/tables/retail.yaml, row by row: `python3 benchmarks/tables/baseline.py FOLDER [SCALE]`.

What one would write by hand for this one schema, with the standard library alone: a loop over the rows of each table,
random.Random, csv.writer. Keys, bounds of the numbers of children, looked-up columns, computed columns and dirt are
those of the document; what is spoilt is not put on record. Only the rows that later tables refer to are kept.
"""

import csv
import datetime
import math
import os
import random
import sys
import uuid

SHOPPERS, ARTICLES, BASKETS, LINES, RETURNS = 3200, 260, 11500, 30000, 1400
FIRST, LAST = datetime.date(2021, 3, 1), datetime.date(2024, 9, 30)
JOINED = (LAST - FIRST).days
OPENS, CLOSES = datetime.datetime(2022, 1, 1, 7), datetime.datetime(2025, 11, 30, 19, 30)
OPEN = int((CLOSES - OPENS).total_seconds())


def children(rng, parents, rows, least, most):
    """How many children each parent has: `least`, and the rest by chance up to `most`."""
    counts = [least] * parents
    rest = rows - least * parents
    while rest > 0:
        parent = rng.randrange(parents)
        if counts[parent] < most:
            counts[parent] += 1
            rest -= 1
    return counts


def poisson(rng, mean):
    """Knuth's way, which is right for small means."""
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def clamp(value, least, most):
    return min(max(value, least), most)


def lognormal(rng, mean, sigma, least, most):
    while not least <= (value := rng.lognormvariate(mean, sigma)) <= most:
        pass
    return round(value, 2)


def write(folder, name, header, rows):
    with open(os.path.join(folder, f"{name}.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)


def shoppers(rng, rows, joined):
    for i in range(rows):
        day = FIRST + datetime.timedelta(days=rng.randint(0, JOINED))
        joined.append(day)
        loyalty = rng.choices(["none", "bronze", "silver", "gold"], [0.55, 0.25, 0.14, 0.06])[0]
        born = int(clamp(round(rng.gauss(1984, 13)), 1938, 2006))
        yield 1001 + i, day.isoformat(), loyalty, born, f"shopper.{i}@example.com", rng.random() < 0.37


def articles(rng, rows, known):
    for i in range(rows):
        key = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        family = rng.choices(["rope", "sails", "galley", "safety", "charts"], [0.31, 0.12, 0.24, 0.21, 0.12])[0]
        price = lognormal(rng, 3.4, 0.7, 1.5, 2400)
        known.append((key, price))
        yield key, f"HB-{i:06d}", family, price, round(rng.uniform(0.05, 18), 3)


def baskets(rng, rows, joined):
    key = 0
    for shopper, count in enumerate(children(rng, len(joined), rows, 0, 12)):
        for _ in range(count):
            key += 1
            day = joined[shopper]
            bought = day + datetime.timedelta(days=rng.randint(0, 400))
            channel = rng.choices(["web", "quay_store", "phone"], [0.58, 0.34, 0.08])[0]
            voucher = rng.choices([0, 0.07, 0.12, 0.2], [0.61, 0.21, 0.13, 0.05])[0]
            if rng.random() < 0.02:
                voucher = None
            if rng.random() < 0.004 and voucher is not None:
                voucher *= rng.uniform(4, 10)
            yield key, 1001 + shopper, day.isoformat(), bought.isoformat(), channel, voucher


def lines(rng, rows, of_baskets, known):
    articles = [at for at, count in enumerate(children(rng, len(known), rows, 2, 300)) for _ in range(count)]
    rng.shuffle(articles)
    key = 0
    for basket, count in enumerate(children(rng, of_baskets, rows, 1, 6)):
        for _ in range(count):
            article, price = known[articles[key]]
            key += 1
            pieces = clamp(poisson(rng, 1.4), 1, 9)
            paid = price
            if pieces >= 4:
                paid = round(max(0.5, price * (1 - 0.05) + rng.gauss(0, 0.35)), 2)
            row = [key, 1 + basket, article, price, pieces, 0.05, paid, round(pieces * paid, 2)]
            # Keys stay: no row may lose its parent.
            for at in range(3, 8):
                if rng.random() < 0.001:
                    row[at] = None
            if rng.random() < 0.0015 and row[6] is not None:
                row[6] = "unknown"
            yield row


def returns(rng, rows, of_lines):
    made = []
    for i, line in enumerate(rng.sample(range(of_lines), rows)):
        reason = rng.choices(["damaged", "wrong size", "late", "changed mind"], [0.28, 0.33, 0.11, 0.28])[0]
        at = OPENS + datetime.timedelta(seconds=rng.randint(0, OPEN))
        row = 500000 + i, 1 + line, reason, at.isoformat(sep=" ")
        if rng.random() < 0.005:
            made.append(row)
        yield row
    yield from made


def main():
    folder, scale = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    os.makedirs(folder, exist_ok=True)
    rng, size = random.Random(2718), lambda rows: round(rows * scale)
    joined, known = [], []
    write(folder, "shoppers", ["shopper_id", "joined_on", "loyalty", "birth_year", "contact", "newsletter"],
          shoppers(rng, size(SHOPPERS), joined))
    write(folder, "articles", ["article_id", "sku", "family", "list_price", "weight_kg"],
          articles(rng, size(ARTICLES), known))
    write(folder, "baskets", ["basket_id", "shopper_id", "joined_on", "bought_on", "channel", "voucher"],
          baskets(rng, size(BASKETS), joined))
    write(folder, "lines", ["line_id", "basket_id", "article_id", "list_price", "pieces", "rebate", "paid_price",
                            "line_total"], lines(rng, size(LINES), size(BASKETS), known))
    write(folder, "returns", ["return_id", "line_id", "reason", "received_at"],
          returns(rng, size(RETURNS), size(LINES)))


if __name__ == "__main__":
    main()

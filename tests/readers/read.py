"""Reads every file of every dataset with every reader; prints how many each has read.

    python read.py FOLDER     FOLDER has expected.json and the values it names
"""

import json
import sys
from collections import Counter
from pathlib import Path

import arrays
import tables
from expected import load

counts = Counter()
for dataset in load(Path(sys.argv[1])):
    for reader, reads in {**tables.READERS, **arrays.READERS}.items():
        for form in reads(dataset):
            counts[f"{reader} {form}"] += 1
print(json.dumps(counts, sort_keys=True))

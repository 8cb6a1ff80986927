"""Prints what Python rounds to: bits of x, digits, bits of round(x, digits); `inf` where Python refuses.

    python3 rounding.py [COUNT] > rounding.txt
"""
import random
import struct
import sys


def bits(x):
    return f"{struct.unpack('<Q', struct.pack('<d', x))[0]:016x}"


def line(x, digits):
    try:
        rounded = round(x, digits)
    except OverflowError:
        rounded = float("inf") if x > 0 else float("-inf")
    print(bits(x), digits, bits(rounded))


HARD = [2.675, 0.5, 1.5, 2.5, -0.5, 0.0, -0.0, 1e300, 0.125, 0.375, 1.005, 1.115, 0.285, 1e-300, 5e-324,
        2.2250738585072014e-308, 1.7976931348623157e308, 4503599627370497.5, 2251799813685248.5,
        2251799813685249.5, 2251799813685247.5, 9007199254740993.0, 1e22, 1e23, 25.0, 35.0, 15.0, 50.0, 250.0,
        5015.0, 0.05, 0.15, 0.25, 0.35, 0.45, 1234567.885, 99.995, 0.9999999999999999, 45035996273704.965,
        22517998136852.485, 22517998136852.475, 9.5, 95.0, 999.5]

random.seed(20)
for x in HARD:
    for digits in [0, 1, 2, 3, 15, 16, 22, 23, 100, 307, 308, 323, 324, 400, -1, -2, -3, -22, -23, -300, -308, -309]:
        line(x, digits)
        line(-x, digits)

for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 600):
    kind = random.randrange(4)
    if kind == 0:
        x = struct.unpack("<d", struct.pack("<Q", random.getrandbits(64)))[0]
        digits = random.randint(-310, 330)
    elif kind == 1:
        x = random.uniform(-1e4, 1e4)
        digits = random.randint(0, 6)
    elif kind == 2:
        # Decimals that end in 5, halfway but for the last bit.
        digits = random.randint(-3, 8)
        x = float(f"{random.randint(-10**7, 10**7)}5e{-digits - 1}")
    else:
        # Dyadic fractions, of which some lie exactly halfway.
        digits = random.randint(0, 6)
        x = random.randint(-10**9, 10**9) / 2 ** random.randint(0, 8)
    if x == x and abs(x) != float("inf"):
        line(x, digits)

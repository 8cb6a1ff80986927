"""How much of a law's time goes into elementary functions: exp, log, log1p, expm1, pow, cos, acos.

Samples the running benchmark with `perf` and asks `addr2line` in which inlined functions each sample lies: those of
`mts_rng::math` and of the crate `libm` count. The binary needs line tables; building them in changes no instruction.
"""

import collections
import re
import subprocess
import sys
import tempfile

ELEMENTARY = re.compile(r"(mts_rng::math::|libm::|/src/math/|/libm-[\d.]+/)")


def share(binary, law, count=120_000, rounds=150):
    """The fraction of samples in the law's loop that lie in an elementary function."""
    with tempfile.NamedTemporaryFile() as data:
        record = ["perf", "record", "--quiet", "--event", "cpu-clock:u", "--freq", "4999", "--output", data.name]
        run(*record, binary, law, str(count), str(rounds))
        script = run("perf", "script", "--input", data.name, "--show-mmap-events", "--fields", "event,ip,dso")
    samples = collections.Counter(addresses(binary, script))
    inside = elementary(binary, samples)
    return sum(samples[address] for address in inside) / sum(samples.values())


def addresses(binary, script):
    """The samples in the binary, as addresses that its debug information knows."""
    shift = None
    for line in script.splitlines():
        mapped = re.search(r"\[(0x[0-9a-f]+)\((?:0x[0-9a-f]+)\) @ (0x[0-9a-f]+|0) .*r-xp (\S+)", line)
        if mapped and mapped[3].endswith("/laws_speed"):
            shift = int(mapped[2], 16) + segment_shift(binary) - int(mapped[1], 16)
        sampled = re.search(r"\s([0-9a-f]+) \((\S+)\)$", line)
        if sampled and sampled[2].endswith("/laws_speed"):
            yield int(sampled[1], 16) + shift


def segment_shift(binary):
    """Address less offset in the file, of the executable segment."""
    for line in run("readelf", "--program-headers", "--wide", binary).splitlines():
        if re.match(r"\s+LOAD .* R E ", line):
            offset, address = line.split()[1:3]
            return int(address, 16) - int(offset, 16)
    sys.exit(f"{binary} has no code")


def elementary(binary, samples):
    """The addresses where one of the functions inlined into each other is elementary."""
    asked = "\n".join(hex(address) for address in samples)
    command = ["addr2line", "--addresses", "--functions", "--demangle", "--inlines", "--exe", binary]
    found, current = set(), None
    for line in run(*command, input=asked).splitlines():
        if re.fullmatch(r"0x[0-9a-f]{16}", line):
            current = int(line, 16)
        elif ELEMENTARY.search(line):
            found.add(current)
    return found


def run(*command, input=None):
    return subprocess.run(command, check=True, capture_output=True, text=True, input=input).stdout


if __name__ == "__main__":
    for name in sys.argv[2:]:
        print(f"{name}: {share(sys.argv[1], name):.0%}")

"""Checks that Lambda's al2023 has the libraries and symbol versions that each bootstrap needs."""

import sys

from elftools.elf.elffile import ELFFile

from functions import BUILT
from visit import FUNCTIONS

# al2023 has glibc 2.34, which contains most of these, and the compiler's support library.
GLIBC = (2, 34)
LIBRARIES = {
    "libc.so.6",
    "libm.so.6",
    "libdl.so.2",
    "libpthread.so.0",
    "librt.so.1",
    "libgcc_s.so.1",
    "ld-linux-x86-64.so.2",
}

failed = False
for bootstrap in sorted(BUILT.glob("*/bootstrap")):
    with bootstrap.open("rb") as file:
        elf = ELFFile(file)
        needed = {tag.needed for tag in elf.get_section_by_name(".dynamic").iter_tags("DT_NEEDED")}
        versions = {
            version.name
            for _, versions in elf.get_section_by_name(".gnu.version_r").iter_versions()
            for version in versions
            if version.name.startswith("GLIBC_")
        }
        machine = elf["e_machine"]
    newest = max(tuple(map(int, name.removeprefix("GLIBC_").split("."))) for name in versions)
    bad = machine != "EM_X86_64" or newest > GLIBC or not needed <= LIBRARIES
    failed |= bad
    print(
        f"{bootstrap.parent.name}: {machine}, glibc {'.'.join(map(str, newest))}, {', '.join(sorted(needed))}"
        f"{': not in al2023' if bad else ''}"
    )
built = {bootstrap.parent.name for bootstrap in BUILT.glob("*/bootstrap")}
if built != set(FUNCTIONS.values()):
    sys.exit(f"built are {', '.join(sorted(built))}, and not {', '.join(sorted(FUNCTIONS.values()))}")
sys.exit(failed)

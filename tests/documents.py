"""Checks the Markdown documents: every relative link, every heading that a link names, and every path in backticks exists."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A path below one of these folders, up to a space. `events/http-NAME.json` stands for several.
PATH = re.compile(r"`((?:docs|events|functions|infra|tests)/[^\s`]*)[^`]*`")
BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def anchor(heading: str) -> str:
    """Returns the anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(document: Path) -> set[str]:
    """Returns the anchors of all headings of a document."""
    text = BLOCK.sub("", document.read_text())
    return {anchor(heading) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def problems(document: Path) -> list[str]:
    """Returns what a document names that does not exist."""
    text, found = BLOCK.sub("", document.read_text()), []
    for link in LINK.findall(text):
        if "://" in link:
            continue
        name, _, heading = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        if not target.exists():
            found.append(f"the link {link}")
        elif heading and heading not in anchors(target):
            found.append(f"the heading of the link {link}")
    for path in PATH.findall(text):
        if "NAME" not in path and not (ROOT / path).exists():
            found.append(f"the path {path}")
    return found


def main() -> None:
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lines = [
        f"{name}: {problem} does not exist"
        for name in listed.splitlines()
        if (ROOT / name).exists()
        for problem in problems(ROOT / name)
    ]
    if lines:
        sys.exit("\n".join(lines))


if __name__ == "__main__":
    main()

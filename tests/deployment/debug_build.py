"""Arranges debug builds as `sam build` does: a folder for each function, and a template that names the folders.

python debug_build.py TEMPLATE BINARIES BUILD
"""

import json
import subprocess
import sys
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

template, binaries, build = map(Path, sys.argv[1:])
document = yaml_parse(template.read_text())
for name, resource in document["Resources"].items():
    if resource["Type"] != "AWS::Serverless::Function":
        continue
    binary = resource.pop("Metadata")["BuildProperties"]["Binary"]
    (build / name).mkdir(parents=True)
    # Lambda accepts 250 MB per function, and symbols are most of a debug build.
    subprocess.run(["strip", "-o", build / name / "bootstrap", binaries / binary], check=True)
    resource["Properties"]["CodeUri"] = name
# JSON is YAML too.
(build / "template.yaml").write_text(json.dumps(document))

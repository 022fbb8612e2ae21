"""Prints a template with only the tables of template.yaml: `python tests/samples/tables.py >FILE`.

A cloud that runs it has no triggers, so no function runs except those that a test invokes.
"""

import json
from pathlib import Path

from samcli.yamlhelper import yaml_parse

template = yaml_parse((Path(__file__).resolve().parents[2] / "template.yaml").read_text())
resources = {name: it for name, it in template["Resources"].items() if it["Type"] == "AWS::DynamoDB::Table"}
tables = {"Transform": template["Transform"], "Parameters": template["Parameters"], "Resources": resources}
print(json.dumps(tables, indent=2))

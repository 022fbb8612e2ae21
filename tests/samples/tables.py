"""Prints the template's tables as a template. A cloud of it has no triggers, so that its functions do nothing beside
those that a test invokes: `python tests/samples/tables.py >FILE`."""

import json
from pathlib import Path

from samcli.yamlhelper import yaml_parse

template = yaml_parse((Path(__file__).resolve().parents[2] / "template.yaml").read_text())
resources = {name: it for name, it in template["Resources"].items() if it["Type"] == "AWS::DynamoDB::Table"}
kept = {"Transform": template["Transform"], "Parameters": template["Parameters"], "Resources": resources}
print(json.dumps(kept, indent=2))

"""Lints the translated template with cfn-lint, except for expected findings."""

import copy
import json

from cfnlint.api import lint
from cfnlint.config import ManualArgs

# By rule and place, each with a reason. An expected finding that no longer occurs is a finding too.
EXPECTED: dict[tuple[str, str], str] = {
    (
        "W1030",
        "Resources/FrontDoor/Properties/DistributionConfig/ViewerCertificate/Fn::If/1/AcmCertificateArn/Ref",
    ): "Without a domain the certificate is empty, and this branch is not used.",
}


def findings(translated: dict) -> list[str]:
    """Returns unexpected findings, and expected ones that no longer occur."""
    translated = copy.deepcopy(translated)
    # Findings that the template tells the linter to ignore must be in the list too.
    for resource in translated["Resources"].values():
        resource.get("Metadata", {}).pop("cfn-lint", None)
    matches = lint(json.dumps(translated, indent=2), config=ManualArgs(regions=["us-east-1"]))
    said = {(match.rule.id, "/".join(map(str, match.path))): match.message for match in matches}
    new = [f"{rule} at {place}: {message}" for (rule, place), message in said.items() if (rule, place) not in EXPECTED]
    old = [
        f"{rule} at {place} no longer occurs: remove it from the list" for rule, place in EXPECTED.keys() - said.keys()
    ]
    return new + old

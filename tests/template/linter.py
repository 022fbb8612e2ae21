"""What cfn-lint finds in the translated template, and why some of it stays."""

import copy
import json

from cfnlint.api import lint
from cfnlint.config import ManualArgs

# By rule and place, each with the reason. One that no longer occurs is a finding, too.
EXPECTED: dict[tuple[str, str], str] = {
    (
        "W1030",
        "Resources/FrontDoor/Properties/DistributionConfig/ViewerCertificate/Fn::If/1/AcmCertificateArn/Ref",
    ): "Without a domain the certificate is an empty text; then this branch is not taken.",
}


def findings(translated: dict) -> list[str]:
    """What the linter says that is not expected, and what was expected and is not said."""
    translated = copy.deepcopy(translated)
    # What the template tells the linter to pass over has to be in the list as well.
    for resource in translated["Resources"].values():
        resource.get("Metadata", {}).pop("cfn-lint", None)
    matches = lint(json.dumps(translated, indent=2), config=ManualArgs(regions=["us-east-1"]))
    said = {(match.rule.id, "/".join(map(str, match.path))): match.message for match in matches}
    new = [f"{rule} at {place}: {message}" for (rule, place), message in said.items() if (rule, place) not in EXPECTED]
    old = [
        f"{rule} at {place} no longer occurs; take it from the list" for rule, place in EXPECTED.keys() - said.keys()
    ]
    return new + old

"""Reads a template with the code of `sam local`, which needs no Docker for that."""

from pathlib import Path

from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider


def routes(template: Path) -> set[tuple[str, str]]:
    """Returns the paths of the API, with the binaries of their functions.

    `sam local` reads the APIs of either SAM or CloudFormation, depending on the first resource. So an
    AWS::ApiGatewayV2 resource must come before the first function.
    """
    stacks, _ = SamLocalStackProvider.get_stacks(str(template))
    binaries = {it.name: it.metadata["BuildProperties"]["Binary"] for it in SamFunctionProvider(stacks).get_all()}
    return {(route.path, binaries[route.function_name]) for route in ApiProvider(stacks).routes}


def variables(template: Path, **parameters: str) -> dict[str, dict]:
    """Returns the variables of each function. A function sees an empty text if `sam local` cannot resolve one."""
    stacks, _ = SamLocalStackProvider.get_stacks(str(template), parameter_overrides=parameters)
    return {it.name: it.environment["Variables"] for it in SamFunctionProvider(stacks).get_all()}

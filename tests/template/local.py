"""What `sam local` makes of a template, by its own code: for that it needs no Docker."""

from pathlib import Path

from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider


def routes(template: Path) -> set[tuple[str, str]]:
    """Paths, and the crates of the functions that answer there.

    The program reads either what SAM's resources declare of APIs or what CloudFormation's do, by which of both it meets
    first: an AWS::ApiGatewayV2 resource has to stand before the first function.
    """
    stacks, _ = SamLocalStackProvider.get_stacks(str(template))
    binaries = {it.name: it.metadata["BuildProperties"]["Binary"] for it in SamFunctionProvider(stacks).get_all()}
    return {(route.path, binaries[route.function_name]) for route in ApiProvider(stacks).routes}


def variables(template: Path, **parameters: str) -> dict[str, dict]:
    """The variables that each function is given. One that `sam local` cannot resolve is an empty text to a function."""
    stacks, _ = SamLocalStackProvider.get_stacks(str(template), parameter_overrides=parameters)
    return {it.name: it.environment["Variables"] for it in SamFunctionProvider(stacks).get_all()}

"""Outputs and parameters, which everyone with access to the stack can read."""

from collections.abc import Iterator

from stack import Stack, references


def outputs_contain_no_secrets(stack: Stack) -> Iterator[str]:
    if "Address" not in stack.outputs:
        yield "No output has the address of the page (Address)."
    # A client that knows this value could claim any network address.
    cdn_secrets = {
        name for function in stack.functions for name in references(stack.variables(function).get("FRONT_DOOR"))
    }
    for name, output in stack.outputs.items():
        for reference in references(output.get("Value")):
            if reference in stack.secrets | cdn_secrets:
                yield f"The output {name} shows {reference}."
        if not output.get("Description"):
            yield f"The output {name} has no description."


def only_functions_get_secrets(stack: Stack) -> Iterator[str]:
    for name in stack.template.get("Parameters", {}):
        if name.endswith(("Code", "Secret", "Password", "Token")) and name not in stack.secrets:
            yield f"The stack's description shows the parameter {name} (NoEcho)."
    for name, resource in stack.resources.items():
        if resource["Type"] != "AWS::Lambda::Function":
            for secret in set(references(resource)) & stack.secrets:
                yield f"{name} contains {secret}, which is for functions only."

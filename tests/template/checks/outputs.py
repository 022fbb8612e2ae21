"""What the stack says of itself, which everybody may read who may describe it."""

from collections.abc import Iterator

from stack import Stack, references


def outputs_hold_no_secret(stack: Stack) -> Iterator[str]:
    if "Address" not in stack.outputs:
        yield "No output says where the page is (Address)."
    # What a front door is known by: whoever knows it can say to come from any address.
    known = {name for function in stack.functions for name in references(stack.variables(function).get("FRONT_DOOR"))}
    for name, output in stack.outputs.items():
        for reference in references(output.get("Value")):
            if reference in stack.secrets | known:
                yield f"The output {name} shows {reference}."
        if not output.get("Description"):
            yield f"The output {name} does not say what it is."


def secrets_go_to_functions_alone(stack: Stack) -> Iterator[str]:
    for name in stack.template.get("Parameters", {}):
        if name.endswith(("Code", "Secret", "Password", "Token")) and name not in stack.secrets:
            yield f"Whoever describes the stack sees {name} (NoEcho)."
    for name, resource in stack.resources.items():
        if resource["Type"] != "AWS::Lambda::Function":
            for secret in set(references(resource)) & stack.secrets:
                yield f"{name} holds {secret}, which is for functions alone."

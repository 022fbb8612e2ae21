"""The template as it is deployed: translated as AWS does it, then with parameters and conditions in their place."""

import copy
import logging
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import boto3
from samcli.yamlhelper import yaml_parse
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

# It would say on leaving that nobody asked for its statistics.
logging.getLogger("samtranslator").addHandler(logging.NullHandler())

NOTHING = object()  # what !Ref AWS::NoValue stands for


class Refused(Exception):
    """What AWS would not even begin to deploy."""


@cache
def _parsed(path: Path) -> dict:
    return yaml_parse(path.read_text())


def parse(path: Path) -> dict:
    """The template as it is written, for whoever asks to change."""
    return copy.deepcopy(_parsed(path))


def translate(template: dict) -> dict:
    """What AWS's transform makes of it: plain CloudFormation."""
    template = copy.deepcopy(template)
    # The translator wants code to be where `sam package` puts it.
    code = "s3://bucket/code.zip"
    functions = [it for it in template["Resources"].values() if it["Type"] == "AWS::Serverless::Function"]
    for place in [template.get("Globals", {}).get("Function", {}), *(it["Properties"] for it in functions)]:
        if "CodeUri" in place:
            place["CodeUri"] = code
    try:
        # Nothing of it is asked of AWS; but it wants a region.
        region = boto3.Session(region_name="us-east-1")
        return Translator({}, Parser(), boto_session=region).translate(template, {})
    except InvalidDocumentException as error:
        raise Refused("; ".join([error.message, *(cause.message for cause in error.causes)])) from error


@dataclass
class Stack:
    """A deployment: what there is, with what each says of itself."""

    template: dict  # as it is translated, conditions and all
    resources: dict
    outputs: dict
    secrets: set  # the parameters that are not to be shown

    def of_type(self, *types: str) -> dict[str, dict]:
        """The properties of all resources of some types, by logical id."""
        return {name: it.get("Properties", {}) for name, it in self.resources.items() if it["Type"] in types}

    def properties(self, name: str) -> dict:
        """The properties of a resource."""
        return self.resources.get(name, {}).get("Properties", {})

    def named(self, value, *types: str) -> list[str]:
        """The resources, of some types, that a value refers to."""
        found = [name for name in references(value) if name in self.resources]
        return [name for name in found if not types or self.resources[name]["Type"] in types]

    @property
    def functions(self) -> dict[str, dict]:
        """The functions."""
        return self.of_type("AWS::Lambda::Function")

    def binary(self, function: str) -> str:
        """The crate that a function is built from."""
        return self.resources[function].get("Metadata", {}).get("BuildProperties", {}).get("Binary", "")

    def variables(self, function: str) -> dict:
        """What a function finds in its environment."""
        return self.properties(function).get("Environment", {}).get("Variables", {})

    def role(self, function: str) -> dict:
        """The role that a function acts in."""
        roles = self.named(self.properties(function).get("Role"), "AWS::IAM::Role")
        return self.properties(roles[0]) if roles else {}

    def statements(self, function: str) -> list[dict]:
        """What a function's own policies say."""
        documents = [policy["PolicyDocument"] for policy in self.role(function).get("Policies", [])]
        return [statement for document in documents for statement in listed(document["Statement"])]

    def table(self, variable: str) -> set[str]:
        """The tables that a variable names to functions: one, if all is well."""
        values = [self.variables(function).get(variable) for function in self.functions]
        return {name for value in values for name in self.named(value, "AWS::DynamoDB::Table")}


def deploy(template: dict, **parameters: str) -> Stack:
    """What comes of the template with some values for its parameters."""
    translated = translate(template)
    declared = translated.get("Parameters", {})
    for name in parameters.keys() - declared.keys():
        raise Refused(f"the template has no parameter {name}")
    values = {}
    for name, parameter in declared.items():
        value = parameters.get(name, parameter.get("Default"))
        if value is None:
            raise Refused(f"the parameter {name} has no default")
        if str(value) not in map(str, parameter.get("AllowedValues", [value])):
            raise Refused(f"{name} may not be {value}")
        if not re.fullmatch(parameter.get("AllowedPattern", r"(?s:.*)"), str(value)):
            raise Refused(f"{name} may not be {value}")
        values[name] = value
    secrets = {name for name, parameter in declared.items() if str(parameter.get("NoEcho")).lower() == "true"}
    resolver = _Resolver(translated, values, secrets)
    for name, rule in translated.get("Rules", {}).items():
        if "RuleCondition" not in rule or resolver.holds(rule["RuleCondition"]):
            for assertion in rule["Assertions"]:
                if not resolver.holds(assertion["Assert"]):
                    raise Refused(f"{name}: {assertion.get('AssertDescription')}")
    resources = {
        name: resolver.value({part: it for part, it in resource.items() if part != "Condition"})
        for name, resource in translated["Resources"].items()
        if resolver.stands(resource)
    }
    outputs = {
        name: resolver.value({part: it for part, it in output.items() if part != "Condition"})
        for name, output in translated.get("Outputs", {}).items()
        if resolver.stands(output)
    }
    return Stack(translated, resources, outputs, secrets)


class _Resolver:
    """Puts values in the place of parameters. What names resources, AWS or a secret stays as it is."""

    def __init__(self, template: dict, values: dict, secrets: set):
        self.conditions = template.get("Conditions", {})
        self.mappings = template.get("Mappings", {})
        self.values = values
        self.secrets = secrets

    def stands(self, resource: dict) -> bool:
        """Whether something is there at all."""
        return "Condition" not in resource or self.holds({"Condition": resource["Condition"]})

    def holds(self, condition) -> bool:
        """Whether a condition is met."""
        [(operator, operands)] = condition.items()
        match operator:
            case "Condition":
                if operands not in self.conditions:
                    raise Refused(f"there is no condition {operands}")
                return self.holds(self.conditions[operands])
            case "Fn::Equals":
                one, other = (self.value(operand, secrets=True) for operand in operands)
                return one == other
            case "Fn::Not":
                return not self.holds(operands[0])
            case "Fn::And":
                return all(self.holds(operand) for operand in operands)
            case "Fn::Or":
                return any(self.holds(operand) for operand in operands)
        raise Refused(f"{operator} is no condition")

    def value(self, node, secrets: bool = False):
        """A value of the template. In conditions secrets count as well."""
        if isinstance(node, list):
            items = [self.value(item, secrets) for item in node]
            return [item for item in items if item is not NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            [(function, argument)] = node.items()
            match function:
                case "Ref" if argument == "AWS::NoValue":
                    return NOTHING
                case "Ref" if argument in self.values and (secrets or argument not in self.secrets):
                    return self.values[argument]
                case "Fn::If":
                    condition, then, otherwise = argument
                    return self.value(then if self.holds({"Condition": condition}) else otherwise, secrets)
                case "Fn::FindInMap":
                    name, first, second = self.value(argument, secrets)
                    return self.mappings[name][first][second]
                case "Fn::Sub":
                    return self.text(argument)
                case "Fn::Join":
                    separator, parts = self.value(argument, secrets)
                    if all(isinstance(part, (str, int)) for part in parts):
                        return separator.join(map(str, parts))
        values = {name: self.value(value, secrets) for name, value in node.items()}
        return {name: value for name, value in values.items() if value is not NOTHING}

    def text(self, argument):
        """A text with names in it."""
        text, names = (argument, {}) if isinstance(argument, str) else argument
        names = {name: self.value(value) for name, value in names.items()}
        for name, value in ({name: it for name, it in self.values.items() if name not in self.secrets} | names).items():
            if isinstance(value, dict):
                value = "${" + ".".join(listed(next(iter(value.values())))) + "}"
            text = text.replace("${" + name + "}", str(value))
        return {"Fn::Sub": text} if re.search(r"\$\{[^!]", text) else text


def listed(value) -> list:
    """One or many, as many."""
    return value if isinstance(value, list) else [] if value is None else [value]


def references(value) -> list[str]:
    """What a value names: resources, parameters, AWS::Region and the like."""
    if isinstance(value, list):
        return [name for item in value for name in references(item)]
    if not isinstance(value, dict):
        return []
    if len(value) == 1:
        [(function, argument)] = value.items()
        match function:
            case "Ref":
                return [argument]
            case "Fn::GetAtt":
                return [argument.split(".")[0] if isinstance(argument, str) else argument[0]]
            case "Fn::Sub" if isinstance(argument, str):
                return [name.split(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", argument)]
    return [name for item in value.values() for name in references(item)]


def text(value) -> str:
    """A value as one would write it: a name as ${NAME}."""
    match value:
        case {"Fn::Sub": str(it)}:
            return it
        case {"Ref": it}:
            return "${" + it + "}"
        case {"Fn::GetAtt": it}:
            return "${" + ".".join(listed(it)) + "}"
        case {"Fn::Join": [separator, parts]}:
            return separator.join(text(part) for part in parts)
    return str(value)

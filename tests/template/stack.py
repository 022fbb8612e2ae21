"""The template as it is deployed: translated like AWS does it, with parameters and conditions resolved."""

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

# Without a handler it prints a message at exit.
logging.getLogger("samtranslator").addHandler(logging.NullHandler())

NO_VALUE = object()  # !Ref AWS::NoValue


class Refused(Exception):
    """AWS would refuse to deploy the template."""


@cache
def _parsed(path: Path) -> dict:
    return yaml_parse(path.read_text())


def parse(path: Path) -> dict:
    """Returns a copy of the template as it is written."""
    return copy.deepcopy(_parsed(path))


def translate(template: dict) -> dict:
    """Applies the SAM transform. The result is plain CloudFormation."""
    template = copy.deepcopy(template)
    # The translator expects the code where `sam package` uploads it.
    code = "s3://bucket/code.zip"
    functions = [it for it in template["Resources"].values() if it["Type"] == "AWS::Serverless::Function"]
    for place in [template.get("Globals", {}).get("Function", {}), *(it["Properties"] for it in functions)]:
        if "CodeUri" in place:
            place["CodeUri"] = code
    try:
        # The translator needs a region, but it does not call AWS.
        region = boto3.Session(region_name="us-east-1")
        return Translator({}, Parser(), boto_session=region).translate(template, {})
    except InvalidDocumentException as error:
        raise Refused("; ".join([error.message, *(cause.message for cause in error.causes)])) from error


@dataclass
class Stack:
    """A deployment: its resources and outputs."""

    template: dict  # translated, with conditions
    resources: dict
    outputs: dict
    secrets: set  # parameters with NoEcho

    def of_type(self, *types: str) -> dict[str, dict]:
        """Returns the properties of all resources of some types, by logical id."""
        return {name: it.get("Properties", {}) for name, it in self.resources.items() if it["Type"] in types}

    def properties(self, name: str) -> dict:
        """Returns the properties of a resource."""
        return self.resources.get(name, {}).get("Properties", {})

    def named(self, value, *types: str) -> list[str]:
        """Returns the resources of some types that a value refers to."""
        found = [name for name in references(value) if name in self.resources]
        return [name for name in found if not types or self.resources[name]["Type"] in types]

    @property
    def functions(self) -> dict[str, dict]:
        """Returns the functions, by logical id."""
        return self.of_type("AWS::Lambda::Function")

    def variables(self, function: str) -> dict:
        """Returns the environment variables of a function."""
        return self.properties(function).get("Environment", {}).get("Variables", {})

    def role(self, function: str) -> dict:
        """Returns the role of a function."""
        roles = self.named(self.properties(function).get("Role"), "AWS::IAM::Role")
        return self.properties(roles[0]) if roles else {}

    def statements(self, function: str) -> list[dict]:
        """Returns the statements of a function's own policies."""
        documents = [policy["PolicyDocument"] for policy in self.role(function).get("Policies", [])]
        return [statement for document in documents for statement in listed(document["Statement"])]

    def protocol(self, api: str) -> str | None:
        """Returns the protocol of an API: HTTP or WEBSOCKET."""
        return self.properties(api).get("ProtocolType")

    def stages(self, api: str) -> dict[str, dict]:
        """Returns the stages of an API, by name."""
        stages = self.of_type("AWS::ApiGatewayV2::Stage").values()
        return {str(stage.get("StageName")): stage for stage in stages if api in self.named(stage.get("ApiId"))}

    def table(self, variable: str) -> set[str]:
        """Returns the tables that a variable names."""
        values = [self.variables(function).get(variable) for function in self.functions]
        return {name for value in values for name in self.named(value, "AWS::DynamoDB::Table")}


def deploy(template: dict, region: str = "us-east-1", **parameters: str) -> Stack:
    """Deploys the template with these parameters."""
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
    resolver = _Resolver(translated, values, secrets, region)
    for name, rule in translated.get("Rules", {}).items():
        if "RuleCondition" not in rule or resolver.is_true(rule["RuleCondition"]):
            for assertion in rule["Assertions"]:
                if not resolver.is_true(assertion["Assert"]):
                    raise Refused(f"{name}: {assertion.get('AssertDescription')}")
    resources = {
        name: resolver.value({part: it for part, it in resource.items() if part != "Condition"})
        for name, resource in translated["Resources"].items()
        if resolver.is_deployed(resource)
    }
    outputs = {
        name: resolver.value({part: it for part, it in output.items() if part != "Condition"})
        for name, output in translated.get("Outputs", {}).items()
        if resolver.is_deployed(output)
    }
    return Stack(translated, resources, outputs, secrets)


class _Resolver:
    """Replaces parameters with their values. References to resources, AWS and secrets stay."""

    def __init__(self, template: dict, values: dict, secrets: set, region: str):
        self.conditions = template.get("Conditions", {})
        self.mappings = template.get("Mappings", {})
        self.values = values
        self.secrets = secrets
        self.region = region

    def is_deployed(self, resource: dict) -> bool:
        """Returns whether the condition of a resource is true."""
        return "Condition" not in resource or self.is_true({"Condition": resource["Condition"]})

    def is_true(self, condition) -> bool:
        """Returns whether a condition is true."""
        [(operator, operands)] = condition.items()
        match operator:
            case "Condition":
                if operands not in self.conditions:
                    raise Refused(f"there is no condition {operands}")
                return self.is_true(self.conditions[operands])
            case "Fn::Equals":
                one, other = (self.value(operand, secrets=True) for operand in operands)
                return one == other
            case "Fn::Not":
                return not self.is_true(operands[0])
            case "Fn::And":
                return all(self.is_true(operand) for operand in operands)
            case "Fn::Or":
                return any(self.is_true(operand) for operand in operands)
        raise Refused(f"{operator} is no condition")

    def value(self, node, secrets: bool = False):
        """Resolves a value. Only conditions use the values of secrets, and the region."""
        if isinstance(node, list):
            items = [self.value(item, secrets) for item in node]
            return [item for item in items if item is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            [(function, argument)] = node.items()
            match function:
                case "Ref" if argument == "AWS::NoValue":
                    return NO_VALUE
                case "Ref" if argument == "AWS::Region" and secrets:
                    return self.region
                case "Ref" if argument in self.values and (secrets or argument not in self.secrets):
                    return self.values[argument]
                case "Fn::If":
                    condition, then, otherwise = argument
                    return self.value(then if self.is_true({"Condition": condition}) else otherwise, secrets)
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
        return {name: value for name, value in values.items() if value is not NO_VALUE}

    def text(self, argument):
        """Resolves Fn::Sub."""
        text, names = (argument, {}) if isinstance(argument, str) else argument
        names = {name: self.value(value) for name, value in names.items()}
        for name, value in ({name: it for name, it in self.values.items() if name not in self.secrets} | names).items():
            if isinstance(value, dict):
                value = "${" + ".".join(listed(next(iter(value.values())))) + "}"
            text = text.replace("${" + name + "}", str(value))
        return {"Fn::Sub": text} if re.search(r"\$\{[^!]", text) else text


def listed(value) -> list:
    """Returns a value as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def references(value) -> list[str]:
    """Returns the names that a value refers to: resources, parameters, AWS::Region."""
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
    """Returns a value as text, with references as ${NAME}."""
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

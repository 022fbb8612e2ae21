"""Points functions to the @connections of MiniStack: `python connections.py STACK`.

The template sets AWS's address, which does not lead to MiniStack. This changes it in the deployed functions, as the local
cloud does.
"""

import os
import sys
from urllib.parse import urlsplit

import boto3

VARIABLE = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"

functions = boto3.client("lambda")
resources = boto3.client("cloudformation").describe_stack_resources(StackName=sys.argv[1])["StackResources"]
changed = 0
for name in (each["PhysicalResourceId"] for each in resources if each["ResourceType"] == "AWS::Lambda::Function"):
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    if VARIABLE not in variables:
        continue
    address = urlsplit(variables[VARIABLE])
    api = address.hostname.split(".")[0]
    variables[VARIABLE] = f"{os.environ['AWS_ENDPOINT_URL']}/_aws/execute-api/{api}{address.path}"
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    changed += 1
posting = ["Http", "WebSocket", "Stream", "Merge", "KeepAlive"]
assert changed == len(posting), f"{', '.join(posting)} post to connections, but {changed} functions have the variable"

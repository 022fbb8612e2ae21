"""Leads functions to the @connections of MiniStack, for want of a name server that would.

The template tells them AWS's own address of these, which MiniStack is not behind. It is changed in what is deployed, as
the local cloud changes it in what it starts; nothing else is.

python connections.py STACK
"""

import os
import sys
from urllib.parse import urlsplit

import boto3

VARIABLE = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"

functions = boto3.client("lambda")
resources = boto3.client("cloudformation").describe_stack_resources(StackName=sys.argv[1])["StackResources"]
led = 0
for name in (each["PhysicalResourceId"] for each in resources if each["ResourceType"] == "AWS::Lambda::Function"):
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    if VARIABLE not in variables:
        continue
    address = urlsplit(variables[VARIABLE])
    api = address.hostname.split(".")[0]
    variables[VARIABLE] = f"{os.environ['AWS_ENDPOINT_URL']}/_aws/execute-api/{api}{address.path}"
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    led += 1
assert led == 3, f"WebSocket, Stream and KeepAlive post to connections, and {led} functions say where"

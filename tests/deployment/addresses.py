"""Says where a stack's APIs are, by its outputs, and the stack's id: `python addresses.py STACK`."""

import sys

import boto3

[stack] = boto3.client("cloudformation").describe_stacks(StackName=sys.argv[1])["Stacks"]
outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
print(outputs["HttpApiAddress"], outputs["WebSocketApiAddress"], stack["StackId"])

"""Prints the addresses of a stack's APIs and the stack's ID: `python addresses.py STACK`."""

import sys

import boto3

[stack] = boto3.client("cloudformation").describe_stacks(StackName=sys.argv[1])["Stacks"]
outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
print(outputs["HttpApiAddress"], outputs["WebSocketApiAddress"], stack["StackId"])

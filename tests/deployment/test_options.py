"""A deployment with every option: CloudFront with a domain and a rate limit, alarms by email, access logs, traces."""


def test_every_resource_of_the_template_exists(template, resources):
    # MiniStack cannot create a budget, so there is none.
    assert template["Resources"].keys() - {"Budget"} <= resources.keys()
    assert {each["ResourceStatus"] for each in resources.values()} == {"CREATE_COMPLETE"}


def test_the_outputs_have_the_domain_and_the_distribution(outputs):
    assert outputs["Address"] == "https://notes.example.org"
    assert outputs["FrontDoorName"].endswith(".cloudfront.net")


def test_alarms_go_to_the_given_email_address(service, physical):
    topic = physical("Alarms")
    [subscription] = service("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "ops@example.org")
    for alarm in service("cloudwatch").describe_alarms()["MetricAlarms"]:
        assert alarm["AlarmActions"] == [topic], alarm["AlarmName"]


def test_invocations_are_traced(service, physical):
    for function in ("Http", "WebSocket", "Stream", "KeepAlive"):
        made = service("lambda").get_function_configuration(FunctionName=physical(function))
        assert made["TracingConfig"] == {"Mode": "Active"}

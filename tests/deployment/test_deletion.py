"""After the stack is deleted, only notes with their texts, boards and accounts remain."""


def test_only_the_retained_tables_remain(service):
    [bucket] = [each["Name"] for each in service("s3").list_buckets()["Buckets"]]
    assert "sam" in bucket, "the bucket of deployments belongs to SAM's own stack"
    tables = [name.split("-")[1] for name in service("dynamodb").list_tables()["TableNames"]]
    assert sorted(tables) == ["Boards", "Edits", "Notes", "Users"]
    remaining = {
        "functions": service("lambda").list_functions()["Functions"],
        "triggers": service("lambda").list_event_source_mappings()["EventSourceMappings"],
        "APIs": service("apigatewayv2").get_apis()["Items"],
        "queues": service("sqs").list_queues().get("QueueUrls", []),
        "rules": service("events").list_rules()["Rules"],
        "roles": service("iam").list_roles()["Roles"],
        "logs": service("logs").describe_log_groups()["logGroups"],
        "alarms": service("cloudwatch").describe_alarms()["MetricAlarms"],
        "dashboards": service("cloudwatch").list_dashboards()["DashboardEntries"],
    }
    assert {kind: found for kind, found in remaining.items() if found} == {}

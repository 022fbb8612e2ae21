"""Protection from unexpected costs: the rate limit, and the budget."""

from collections.abc import Iterator

from stack import Stack, listed

# Type and percentage of the notifications of a budget.
NOTIFICATIONS = {("ACTUAL", 80), ("FORECASTED", 100)}


def rate_limits_protect_the_cdn(stack: Stack) -> Iterator[str]:
    distributions = stack.of_type("AWS::CloudFront::Distribution").values()
    protected_by = [it["DistributionConfig"].get("WebACLId") for it in distributions]
    for name, acl in stack.of_type("AWS::WAFv2::WebACL").items():
        if acl.get("Scope") != "CLOUDFRONT" or name not in stack.named(protected_by):
            yield f"{name} protects no CloudFront distribution (Scope, WebACLId)."
        rules = listed(acl.get("Rules"))
        limits = [rule for rule in rules if "RateBasedStatement" in rule["Statement"]]
        if not limits:
            yield f"{name} limits no rate."
        for rule in limits:
            if rule["Statement"]["RateBasedStatement"].get("AggregateKeyType") != "IP":
                yield f"{name}: the rule {rule['Name']} counts all clients as one."
            if "Block" not in rule.get("Action", {}):
                yield f"{name}: the rule {rule['Name']} does not refuse requests (Action)."


def web_acls_keep_no_requests(stack: Stack) -> Iterator[str]:
    # Samples contain headers, and so the cookie of a session.
    for name, acl in stack.of_type("AWS::WAFv2::WebACL").items():
        for part in (acl, *listed(acl.get("Rules"))):
            if part["VisibilityConfig"].get("SampledRequestsEnabled") is not False:
                yield f"{name} keeps samples of requests (SampledRequestsEnabled)."


def budgets_notify(stack: Stack) -> Iterator[str]:
    for name, properties in stack.of_type("AWS::Budgets::Budget").items():
        sent = set()
        for each in listed(properties.get("NotificationsWithSubscribers")):
            notification = each["Notification"]
            if not any(
                it.get("SubscriptionType") == "EMAIL" and it.get("Address") for it in listed(each.get("Subscribers"))
            ):
                yield f"{name} has a notification that nobody gets."
            if (notification.get("ThresholdType"), notification.get("ComparisonOperator")) == (
                "PERCENTAGE",
                "GREATER_THAN",
            ):
                sent.add((notification["NotificationType"], notification["Threshold"]))
        for kind, percentage in NOTIFICATIONS - sent:
            yield f"{name} does not notify at {percentage} % ({kind})."

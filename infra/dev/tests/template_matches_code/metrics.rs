//! The metrics that alarms and the dashboard show.
//!
//! The plan has neither alarms nor dashboards, so this searches the template's text.

use telemetry::metrics::NAMESPACE;

use crate::{mistaken, template};

/// Returns the metrics of our namespace that the template names: those of alarms, then those of the dashboard.
///
/// An alarm names its metric on the line after the namespace. The dashboard has `["Notes", "PushDelay", ...]`.
fn named_metrics(template: &str) -> Vec<&str> {
    let namespace = format!("Namespace: {NAMESPACE}");
    let lines = template.lines().map(str::trim).zip(template.lines().map(str::trim).skip(1));
    let alarms = lines
        .filter(|(line, _)| *line == namespace)
        .map(|(_, next)| next.strip_prefix("MetricName: ").expect("a metric after its namespace"));
    let start = format!("[\"{NAMESPACE}\", \"");
    let dashboard = template.match_indices(&start).map(|(at, start)| {
        let name = &template[at + start.len()..];
        name.split('"').next().unwrap()
    });
    alarms.chain(dashboard).collect()
}

/// Checks that the functions count every metric that the template names.
fn complaints(template: &str) -> Vec<String> {
    let counted =
        [http_function::METRICS, stream_function::METRICS, websocket_function::METRICS, notes::METRICS]
            .concat();
    let named = named_metrics(template).into_iter();
    named.filter(|name| !counted.contains(name)).map(|name| format!("no function counts {name}")).collect()
}

#[test]
fn alarms_and_the_dashboard_show_metrics_that_functions_count() {
    let template = template();
    assert!(complaints(&template).is_empty(), "{:?}", complaints(&template));
    let named = named_metrics(&template);
    assert_eq!(named[..2], ["PushDelay", "BoardSize"], "those of alarms");
    assert!(named.len() > 2 && named.contains(&"SignInsFailed"), "{named:?}");
}

#[test]
fn an_alarm_on_an_unknown_metric_is_caught() {
    let template = mistaken("MetricName: PushDelay", "MetricName: PushesDelay");
    assert_eq!(complaints(&template), ["no function counts PushesDelay"]);
}

#[test]
fn a_dashboard_with_an_unknown_metric_is_caught() {
    let template = mistaken(r#"["Notes", "PushesGone""#, r#"["Notes", "PushesLost""#);
    assert_eq!(complaints(&template), ["no function counts PushesLost"]);
}

//! The throttling and the variables of a stage, for HTTP and WebSocket APIs.

use std::collections::BTreeMap;

use crate::model::Throttling;
use crate::properties::Properties;

/// Returns the throttling of each route: its own, or the stage's default.
pub(crate) fn throttling<'a>(
    stage: &mut Properties,
    routes: &(impl Iterator<Item = &'a String> + Clone),
) -> BTreeMap<String, Throttling> {
    let default = stage.section("DefaultRouteSettings").and_then(settings);
    let mut throttling = BTreeMap::new();
    if let Some(default) = default {
        throttling.extend(routes.clone().map(|key| (key.clone(), default)));
    }
    let own = stage.section("RouteSettings").map(Properties::named_sections);
    for (key, own) in own.into_iter().flatten() {
        if !routes.clone().any(|route| *route == key) {
            own.problems().refuse(own.place().clone(), "is not a route of this API");
        }
        if let Some(own) = settings(own) {
            throttling.insert(key, own);
        }
    }
    throttling
}

fn settings(mut settings: Properties) -> Option<Throttling> {
    let rate = settings.optional_number("ThrottlingRateLimit");
    let burst = settings.integer("ThrottlingBurstLimit", 0..=u32::MAX);
    let (at, problems) = (settings.place().clone(), settings.problems().clone());
    settings.accept("RouteSettings");
    settings.finish();
    match (rate, burst) {
        (Some(rate), Some(burst)) => Some(Throttling { rate, burst: burst.into() }),
        (None, None) => None,
        _ => {
            problems.refuse(at, "write both ThrottlingRateLimit and ThrottlingBurstLimit");
            None
        }
    }
}

/// Reads the stage variables, which each event contains.
pub(crate) fn variables(stage: &mut Properties) -> BTreeMap<String, String> {
    let variables = stage.section("StageVariables").map(Properties::named_texts);
    variables.unwrap_or_default().into_iter().collect()
}

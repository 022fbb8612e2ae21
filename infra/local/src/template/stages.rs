//! What a stage says of its API's routes, of either kind: how many requests each takes, and variables.

use std::collections::BTreeMap;

use super::properties::Properties;
use super::{Problem, Throttling};

/// The throttling of each of these routes: its own, or the stage's default.
pub(super) fn throttling<'a>(
    stage: &mut Properties,
    routes: &(impl Iterator<Item = &'a String> + Clone),
) -> Result<BTreeMap<String, Throttling>, Problem> {
    let default = stage.section("DefaultRouteSettings")?.map(settings).transpose()?.flatten();
    let mut throttling = BTreeMap::new();
    if let Some(default) = default {
        throttling.extend(routes.clone().map(|key| (key.clone(), default)));
    }
    for (key, own) in
        stage.section("RouteSettings")?.map(Properties::named_sections).transpose()?.into_iter().flatten()
    {
        if !routes.clone().any(|route| *route == key) {
            return Err(Problem::refused(own.at_all(), "is no route of this API"));
        }
        if let Some(own) = settings(own)? {
            throttling.insert(key, own);
        }
    }
    Ok(throttling)
}

fn settings(mut settings: Properties) -> Result<Option<Throttling>, Problem> {
    let rate = settings.optional_number("ThrottlingRateLimit")?;
    let burst = settings.integer("ThrottlingBurstLimit", 0..=u32::MAX)?;
    let at = settings.at_all().to_owned();
    settings.accept("RouteSettings");
    settings.finish()?;
    match (rate, burst) {
        (Some(rate), Some(burst)) => Ok(Some(Throttling { rate, burst: burst.into() })),
        (None, None) => Ok(None),
        _ => Err(Problem::refused(at, "write both ThrottlingRateLimit and ThrottlingBurstLimit")),
    }
}

/// Variables that each event of the stage carries.
pub(super) fn variables(stage: &mut Properties) -> Result<BTreeMap<String, String>, Problem> {
    let variables = stage.section("StageVariables")?.map(Properties::named_texts).transpose()?;
    Ok(variables.unwrap_or_default().into_iter().collect())
}

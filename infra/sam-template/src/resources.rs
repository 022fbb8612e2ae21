//! The resources of a template, by type.

use std::collections::BTreeMap;

use crate::error::Problems;
use crate::names::Names;
use crate::node::Node;
use crate::properties::Properties;

/// A resource with resolved intrinsics.
#[derive(Debug)]
pub(crate) struct Resource {
    /// The logical id.
    pub(crate) id: String,
    /// The properties.
    pub(crate) properties: Properties,
    /// The metadata for tools.
    pub(crate) metadata: Node,
}

/// The resources by type.
#[derive(Debug)]
pub(crate) struct Resources {
    pub(crate) by_type: BTreeMap<String, Vec<Resource>>,
    /// The physical names.
    pub(crate) names: Names,
    /// The list of problems.
    pub(crate) problems: Problems,
}

impl Resources {
    /// Removes the resources of a type and returns them.
    pub(crate) fn take(&mut self, kind: &str) -> Vec<Resource> {
        self.by_type.remove(kind).unwrap_or_default()
    }
}

//! The resources of a template, by type.

use std::collections::BTreeMap;

use crate::error::Problems;
use crate::names::Names;
use crate::node::Node;
use crate::properties::Properties;

/// A resource, its intrinsics resolved.
#[derive(Debug)]
pub(crate) struct Resource {
    /// Its logical id.
    pub(crate) id: String,
    /// What it is made of.
    pub(crate) properties: Properties,
    /// What tools are told about it.
    pub(crate) metadata: Node,
}

/// The resources by type.
#[derive(Debug)]
pub(crate) struct Resources {
    pub(crate) by_type: BTreeMap<String, Vec<Resource>>,
    /// What everything is called.
    pub(crate) names: Names,
    /// What is wrong with them.
    pub(crate) problems: Problems,
}

impl Resources {
    /// Takes the resources of a type.
    pub(crate) fn take(&mut self, kind: &str) -> Vec<Resource> {
        self.by_type.remove(kind).unwrap_or_default()
    }
}

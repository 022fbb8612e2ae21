//! SQS queues.

use crate::model::Queue;
use crate::resources::{Resource, Resources};

const KIND: &str = "AWS::SQS::Queue";

/// Reads all queues.
pub(crate) fn read(resources: &mut Resources) -> Vec<Queue> {
    let queue = |Resource { id, mut properties, .. }: Resource| {
        properties.accept(KIND);
        properties.finish();
        Queue { id }
    };
    resources.take(KIND).into_iter().map(queue).collect()
}

//! SQS queues.

use super::Queue;
use super::resources::{Resource, Resources};

const KIND: &str = "AWS::SQS::Queue";

/// Reads all queues.
pub(super) fn read(resources: &mut Resources) -> Vec<Queue> {
    let queue = |Resource { id, mut properties, .. }: Resource| {
        properties.accept(KIND);
        properties.finish();
        Queue { id }
    };
    resources.take(KIND).into_iter().map(queue).collect()
}

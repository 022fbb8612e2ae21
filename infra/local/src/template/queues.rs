//! SQS queues.

use super::resources::{Resource, Resources};
use super::{Problem, Queue};

const KIND: &str = "AWS::SQS::Queue";

/// Reads all queues.
pub(super) fn read(resources: &mut Resources) -> Result<Vec<Queue>, Problem> {
    let queue = |Resource { id, mut properties, .. }: Resource| {
        properties.accept(KIND);
        properties.finish()?;
        Ok(Queue { id })
    };
    resources.take(KIND).into_iter().map(queue).collect()
}

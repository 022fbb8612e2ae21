//! Where the next run goes on.

use local_cloud::Data;
use local_cloud::lambda::InvokeError;
use sam_template::StartingPosition;

use crate::world::{Function, World, succeed};

#[tokio::test]
async fn the_next_run_goes_on_where_the_last_one_came_to() {
    for starting_position in [StartingPosition::TrimHorizon, StartingPosition::Latest] {
        let directory = tempfile::tempdir().unwrap();
        let mut world = World::new(&Data::Directory(directory.path().to_owned()));
        world.trigger.starting_position = starting_position;
        let function = succeed();
        let triggers = world.start(&function).await;
        world.write("a").await;
        assert_eq!(function.batches(1).await, ["a"]);
        // A later batch shows that the checkpoint of the first one is kept.
        world.write("b").await;
        assert_eq!(function.batches(2).await, ["a", "b"]);
        drop(triggers);
        world.write("c").await;

        let next = succeed();
        let _triggers = world.start(&next).await;
        let again = next.batches(1).await.concat();
        // At least once: the last batch may have been handled and not yet recorded.
        assert!(again == "c" || again == "bc", "{again}");
    }
}

#[tokio::test]
async fn records_that_lambda_did_not_take_because_it_stops_are_delivered_by_the_next_run() {
    let directory = tempfile::tempdir().unwrap();
    let mut world = World::new(&Data::Directory(directory.path().to_owned()));
    world.trigger.maximum_retries = Some(0);
    world.write("a").await;
    let stopping = Function::new(|_| Err(InvokeError::Stopped));
    let triggers = world.start(&stopping).await;
    stopping.batches(1).await;
    drop(triggers);

    let function = succeed();
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(1).await, ["a"]);
    assert_eq!(world.queues.messages("Failed").len(), 0);
}

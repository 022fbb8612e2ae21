//! What a month costs a team that is not there yet: the use of so many people, reckoned from what one of them does in a
//! working day and from what single operations use.

use local_service::Usage;

/// Working days in a month, and seconds in one.
const DAYS: f64 = 22.0;
const DAY: f64 = 8.0 * 3600.0;
/// What one does in a day, while the page is open all of it.
const EDITS: f64 = 20.0;
const READS: f64 = 50.0;
/// A push holds the newest 100 titles, of 140 bytes each with their keys, times and editors.
const LIST: f64 = 14_000.0;
/// Posts a second that API Gateway lets an account make, unless it is asked for more: a push to many takes as long as
/// that, and what is written meanwhile is in the next one. (How far the functions as they are come: infra/README.md.)
const POSTS: f64 = 10_000.0;
/// Seconds of a processor for a post (8 KB with the SDK, measured), and the share of one that 256 MB buy.
const POST: f64 = 78e-6;
const PROCESSOR: f64 = 256.0 / 1769.0;
/// A word every nine minutes to each connection, so that it stays.
const KEPT_ALIVE: f64 = 540.0;

/// In words, for who reads the bill.
pub(super) const ASSUMED: &str = "of which each has the page open for 8 hours on 22 days, writes 20 edits and reads 50 notes a day; all see one list.\nEdits that come while a push is under way share the next one.";

/// What they use in a month.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of what is billed by the million"
)]
pub(super) fn of(users: u32) -> Usage {
    let users = f64::from(users);
    let (edits, reads) = (users * EDITS * DAYS, users * READS * DAYS);
    let pushes = pushes(users);
    let posts = pushes * users;
    let kept_alive = users * DAY * DAYS / KEPT_ALIVE;
    let seconds = |count: f64, each: f64| count * each * 256.0 / 1024.0;
    Usage {
        front_door_requests: (edits + reads) as u64,
        bytes_out: posts.mul_add(LIST, reads * 2_000.0) as u64,
        http_requests: (edits + reads) as u64,
        messages: (posts + kept_alive) as u64,
        connection_seconds: users * DAY * DAYS,
        invocations: (edits + reads + pushes + DAYS * DAY / KEPT_ALIVE) as u64,
        // 10 ms an answer and 100 ms a push, as the table of operations has it, and the processor's time for posts.
        gb_seconds: seconds(edits + reads, 0.01)
            + seconds(pushes, 0.1)
            + seconds(posts + kept_alive, POST / PROCESSOR),
        // A request looks its session up; a push reads the titles and, at 200 bytes a row and 4 KB a unit, the room.
        read_units: (edits + reads) * 2.0 + pushes * (3.0 + users * 200.0 / 4096.0),
        write_units: edits * 3.0 + pushes,
        log_bytes: ((edits + reads) * 570.0 + pushes * 1_100.0) as u64,
    }
}

/// Pushes in a month: one for each edit, unless they come faster than one can be delivered.
fn pushes(users: f64) -> f64 {
    let fastest = 1.0 / (0.1 + users / POSTS);
    let written = users * EDITS / DAY;
    written.min(fastest) * DAY * DAYS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_pushed_every_edit_and_many_as_often_as_a_push_can_be_delivered() {
        assert!((pushes(10.0) - 10.0 * EDITS * DAYS).abs() < 1e-6);
        let a_day = pushes(100_000.0) / DAYS;
        assert!((a_day - DAY / 10.1).abs() < 1.0, "{a_day}");
    }

    #[test]
    fn everybody_is_connected_all_day_and_hears_of_every_edit() {
        let usage = of(10);
        assert_eq!(usage.messages, 10 * 20 * 22 * 10 + 10 * 22 * 8 * 3600 / 540);
        assert!((usage.connection_seconds - 10.0 * 22.0 * 8.0 * 3600.0).abs() < 1e-6);
        assert_eq!(usage.http_requests, 10 * 70 * 22);
    }
}

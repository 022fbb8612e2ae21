//! Estimates the monthly usage of a team, from the working day of one user and the usage of single operations.

use local_service::Usage;

/// Working days in a month, and seconds in a working day.
const DAYS: f64 = 22.0;
const DAY: f64 = 8.0 * 3600.0;
/// Edits and reads of one user in a day. The page is open all day.
const EDITS: f64 = 20.0;
const READS: f64 = 50.0;
/// Saves per edit: the page saves while somebody writes. Measured: 8 in 85 seconds of writing.
const SAVES: f64 = 8.0;
/// Size of a push: the newest 100 titles, 140 bytes each with key, time and editor.
const LIST: f64 = 14_000.0;
/// Posts per second that API Gateway allows an account by default. They limit the pushes: edits during one push share
/// the next. infra/README.md says how many connections the functions can serve.
const POSTS: f64 = 10_000.0;
/// CPU seconds for a post (8 KB with the SDK, measured), and the share of a CPU that 256 MB provide.
const POST: f64 = 78e-6;
const PROCESSOR: f64 = 256.0 / 1769.0;
/// Seconds between keep-alive frames to each connection: nine minutes.
const KEPT_ALIVE: f64 = 540.0;

/// Returns the assumptions, for the reader of the bill.
pub(super) fn assumptions(board: u32) -> String {
    format!(
        "of which each has one board of {board} open for 8 hours on 22 days, writes 20 edits of 8 saves and reads 50 notes a \
         day.\nSaves that come while a push of the board is under way share the next one."
    )
}

/// Returns the monthly usage of a number of users, in boards of this size.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of what is billed by the million"
)]
pub(super) fn of(users: u32, board: u32) -> Usage {
    let users = f64::from(users);
    let board = f64::from(board).min(users);
    let (edits, reads) = (users * EDITS * SAVES * DAYS, users * READS * DAYS);
    let pushes = users / board * pushes(board);
    let posts = pushes * board;
    let kept_alive = users * DAY * DAYS / KEPT_ALIVE;
    let seconds = |count: f64, each: f64| count * each * 256.0 / 1024.0;
    Usage {
        front_door_requests: (edits + reads) as u64,
        bytes_out: posts.mul_add(LIST, reads * 2_000.0) as u64,
        http_requests: (edits + reads) as u64,
        messages: (posts + kept_alive) as u64,
        connection_seconds: users * DAY * DAYS,
        invocations: (edits + reads + pushes + DAYS * DAY / KEPT_ALIVE) as u64,
        // 10 ms per response and 100 ms per push, as in the table of operations, and the CPU time of posts.
        gb_seconds: seconds(edits + reads, 0.01)
            + seconds(pushes, 0.1)
            + seconds(posts + kept_alive, POST / PROCESSOR),
        // A request reads session, board and membership. A push reads the titles and the room, at 200 bytes per row and 4 KB
        // per unit, and writes the revision and the activity of the board.
        read_units: (edits + reads) * 3.0 + reads + pushes * (3.0 + board * 200.0 / 4096.0),
        write_units: edits * 3.0 + pushes * 2.0,
        log_bytes: ((edits + reads) * 570.0 + pushes * 1_100.0) as u64,
    }
}

/// Returns the pushes of a board in a month: one per save, unless saves come faster than a push can be delivered.
fn pushes(users: f64) -> f64 {
    let fastest = 1.0 / (0.1 + users / POSTS);
    let written = users * EDITS * SAVES / DAY;
    written.min(fastest) * DAY * DAYS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_board_gets_a_push_per_save_and_a_large_one_as_many_as_can_be_delivered() {
        assert!((pushes(10.0) - 10.0 * EDITS * SAVES * DAYS).abs() < 1e-6);
        let a_day = pushes(100_000.0) / DAYS;
        assert!((a_day - DAY / 10.1).abs() < 1.0, "{a_day}");
    }

    #[test]
    fn every_user_is_connected_all_day_and_receives_every_save_of_the_own_board() {
        let usage = of(10, 1_000);
        assert_eq!(usage.messages, 10 * 160 * 22 * 10 + 10 * 22 * 8 * 3600 / 540);
        assert!((usage.connection_seconds - 10.0 * 22.0 * 8.0 * 3600.0).abs() < 1e-6);
        assert_eq!(usage.http_requests, 10 * 210 * 22);
        assert_eq!(of(1_000, 20).messages, 1_000 * 160 * 22 * 20 + 1_000 * 22 * 8 * 3600 / 540);
    }
}

//! Estimates the monthly usage of a team, from the working day of one user and the usage of single operations.

use local_service::Usage;

/// Working days in a month, and seconds in a working day.
const DAYS: f64 = 22.0;
const DAY: f64 = 8.0 * 3600.0;
/// How often one user writes and reads in a day. The page is open all day.
const TIMES: f64 = 20.0;
const READS: f64 = 50.0;
/// Edits that the page sends while somebody writes once: a page that is alone in a note sends one 2, 6, 14, 30, 60 and 90
/// seconds after the first key, and writing took 85 seconds when it was measured. Each is merged, and its text is pushed to the
/// page that writes. The first changes the list, the others do not: `notes::Note::LISTED_PRECISION` is two minutes.
const SENT: f64 = 6.0;
/// Seconds for which a trigger gathers edits: the `MaximumBatchingWindowInSeconds` of the template.
const WINDOW: f64 = 5.0;
/// Write units of an edit beyond its own row and the note's: once in 32 edits, they become a state of 4 KB.
const STATE: f64 = (2.0 * 4.0 + 32.0 + 4.0) / 32.0;
/// Size of a push: the newest 100 titles, 140 bytes each with key, time and editor.
const LIST: f64 = 14_000.0;
/// Size of a note.
const NOTE: f64 = 2_000.0;
/// Posts per second that API Gateway allows an account by default. They limit the pushes: changes during one push share
/// the next. infra/README.md says how many connections the functions can serve.
const POSTS: f64 = 10_000.0;
/// The size from which a board is pushed at most once a second, and that second: the parameter `BusyRoomSockets`.
const BUSY: f64 = 100.0;
const BUSY_INTERVAL: f64 = 1.0;
/// CPU seconds for a post (8 KB with the SDK, measured), and the share of a CPU that 256 MB provide.
const POST: f64 = 78e-6;
const PROCESSOR: f64 = 256.0 / 1769.0;
/// Seconds between keep-alive frames to each connection: nine minutes.
const KEPT_ALIVE: f64 = 540.0;

/// Returns the assumptions, for the reader of the bill.
pub(super) fn assumptions(board: u32) -> String {
    format!(
        "of which each has one board of {board} open for 8 hours on 22 days, writes 20 times for 85 seconds and reads 50 \
         notes a day.\nEach time is one push of the board's list. Changes during a push share the next one."
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
    let (times, reads) = (users * TIMES * DAYS, users * READS * DAYS);
    let edits = times * SENT;
    let pushes = users / board * pushes(board);
    let lists = pushes * board;
    // An edit is acknowledged, and its text pushed.
    let posts = lists + 2.0 * edits;
    // Edits of all notes are merged together.
    let merges = edits.min(DAYS * DAY / WINDOW);
    let kept_alive = users * DAY * DAYS / KEPT_ALIVE;
    let seconds = |count: f64, each: f64| count * each * 256.0 / 1024.0;
    Usage {
        front_door_requests: reads as u64,
        bytes_out: lists.mul_add(LIST, (reads + edits) * NOTE) as u64,
        http_requests: reads as u64,
        messages: (posts + edits + kept_alive) as u64,
        connection_seconds: users * DAY * DAYS,
        // Each merge of a note is a record that the stream function handles.
        invocations: (2.0 * edits + merges + reads + DAYS * DAY / KEPT_ALIVE) as u64,
        // 10 ms per response, 20 ms per merge and per push of a note, 100 ms per push of a list, as in the table of operations, and
        // the CPU time of posts.
        gb_seconds: seconds(edits + reads, 0.01)
            + seconds(edits, 0.04)
            + seconds(pushes, 0.1)
            + seconds(posts + kept_alive, POST / PROCESSOR),
        // As in the table of operations. A push of a list reads the titles and the room, at 200 bytes per row and 4 KB per unit,
        // and writes the revision and the activity of the board.
        read_units: reads * 5.0 + edits * 10.0 + pushes * (3.0 + board * 200.0 / 4096.0),
        // An edit, and the note of 2 KB. Each time, the index has two more, as the list changes, and the text before becomes part
        // of the history.
        write_units: edits * (3.0 + STATE) + times * (2.0 + 2.0) + pushes * 2.0,
        log_bytes: ((reads + merges) * 570.0 + edits * 1_150.0 + pushes * 500.0) as u64,
    }
}

/// Returns the pushes of a board's list in a month: one each time that somebody writes, unless they come faster than a push can
/// be delivered, or than a busy board is pushed.
fn pushes(users: f64) -> f64 {
    let busy = if users > BUSY { BUSY_INTERVAL } else { 0.0 };
    let fastest = 1.0 / (0.1 + users / POSTS).max(busy);
    let written = users * TIMES / DAY;
    written.min(fastest) * DAY * DAYS
}

#[cfg(test)]
mod tests {
    use super::super::prices::total;
    use super::*;

    #[test]
    fn a_small_board_gets_a_push_per_edit_and_a_large_one_as_many_as_can_be_delivered() {
        assert!((pushes(10.0) - 10.0 * TIMES * DAYS).abs() < 1e-6);
        let a_day = pushes(2_000.0) / DAYS;
        assert!((a_day - DAY).abs() < 1.0, "{a_day}: once a second");
        let a_day = pushes(100_000.0) / DAYS;
        assert!((a_day - DAY / 10.1).abs() < 1.0, "{a_day}");
    }

    #[test]
    fn every_user_is_connected_all_day_and_receives_every_edit_of_the_own_board() {
        let usage = of(10, 1_000);
        assert_eq!(usage.messages, 10 * 22 * (20 * 10 + 360) + 10 * 22 * 8 * 3600 / 540);
        assert!((usage.connection_seconds - 10.0 * 22.0 * 8.0 * 3600.0).abs() < 1e-6);
        assert_eq!(usage.http_requests, 10 * 50 * 22);
        assert_eq!(of(1_000, 20).messages, 1_000 * 22 * (20 * 20 + 360) + 1_000 * 22 * 8 * 3600 / 540);
    }

    #[test]
    fn a_thousand_people_on_boards_of_20_cost_less_than_50_dollars() {
        let cost = total(&of(1_000, 20));
        assert!(cost < 50.0, "{cost}");
        assert!(cost > 30.0, "{cost}: the documents say more");
    }
}

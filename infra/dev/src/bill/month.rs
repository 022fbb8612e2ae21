//! Estimates the monthly usage of a team, from the working day of one user and the usage of single operations.

use local_service::Usage;

/// Working days in a month, and seconds in a working day.
const DAYS: f64 = 22.0;
const DAY: f64 = 8.0 * 3600.0;
/// Edits and reads of one user in a day. The page is open all day.
const EDITS: f64 = 20.0;
const READS: f64 = 50.0;
/// Saves per edit: the page saves while somebody writes. Measured: 8 in 85 seconds of writing. The first changes the list,
/// the others do not: `notes::Note::LISTED_PRECISION` is two minutes. Each goes to the page that writes.
const SAVES: f64 = 8.0;
/// Size of a push: the newest 100 titles, 140 bytes each with key, time and editor.
const LIST: f64 = 14_000.0;
/// Size of a note.
const NOTE: f64 = 2_000.0;
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
         day.\nAn edit is one push of the board's list. Edits during a push share the next one."
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
    let (edits, reads) = (users * EDITS * DAYS, users * READS * DAYS);
    let saves = edits * SAVES;
    let pushes = users / board * pushes(board);
    let lists = pushes * board;
    let posts = lists + saves;
    let kept_alive = users * DAY * DAYS / KEPT_ALIVE;
    let seconds = |count: f64, each: f64| count * each * 256.0 / 1024.0;
    Usage {
        front_door_requests: (saves + reads) as u64,
        bytes_out: lists.mul_add(LIST, (reads + 2.0 * saves) * NOTE) as u64,
        http_requests: (saves + reads) as u64,
        messages: (posts + kept_alive) as u64,
        connection_seconds: users * DAY * DAYS,
        // Each save is a record that the stream function handles.
        invocations: (2.0 * saves + reads + DAYS * DAY / KEPT_ALIVE) as u64,
        // 10 ms per response, 20 ms per push of a note, 100 ms per push of a list, as in the table of operations, and the
        // CPU time of posts.
        gb_seconds: seconds(saves + reads, 0.01)
            + seconds(saves, 0.02)
            + seconds(pushes, 0.1)
            + seconds(posts + kept_alive, POST / PROCESSOR),
        // A request reads session, board, membership and note. A push of a note reads its room. A push of a list reads the
        // titles and the room, at 200 bytes per row and 4 KB per unit, and writes the revision and the activity of the board.
        read_units: (saves + reads) * 4.0 + saves + pushes * (3.0 + board * 200.0 / 4096.0),
        // The index has two more, if the list changes.
        write_units: saves + edits * 2.0 + pushes * 2.0,
        log_bytes: ((saves + reads) * 570.0 + saves * 1_150.0 + pushes * 500.0) as u64,
    }
}

/// Returns the pushes of a board's list in a month: one per edit, unless edits come faster than a push can be delivered.
fn pushes(users: f64) -> f64 {
    let fastest = 1.0 / (0.1 + users / POSTS);
    let written = users * EDITS / DAY;
    written.min(fastest) * DAY * DAYS
}

#[cfg(test)]
mod tests {
    use super::super::prices::total;
    use super::*;

    #[test]
    fn a_small_board_gets_a_push_per_edit_and_a_large_one_as_many_as_can_be_delivered() {
        assert!((pushes(10.0) - 10.0 * EDITS * DAYS).abs() < 1e-6);
        let a_day = pushes(100_000.0) / DAYS;
        assert!((a_day - DAY / 10.1).abs() < 1.0, "{a_day}");
    }

    #[test]
    fn every_user_is_connected_all_day_and_receives_every_edit_of_the_own_board() {
        let usage = of(10, 1_000);
        assert_eq!(usage.messages, 10 * 22 * (20 * 10 + 160) + 10 * 22 * 8 * 3600 / 540);
        assert!((usage.connection_seconds - 10.0 * 22.0 * 8.0 * 3600.0).abs() < 1e-6);
        assert_eq!(usage.http_requests, 10 * 210 * 22);
        assert_eq!(of(1_000, 20).messages, 1_000 * 22 * (20 * 20 + 160) + 1_000 * 22 * 8 * 3600 / 540);
    }

    #[test]
    fn a_thousand_people_on_boards_of_20_cost_less_than_50_dollars() {
        let cost = total(&of(1_000, 20));
        assert!(cost < 50.0, "{cost}");
        assert!(cost > 30.0, "{cost}: the documents say more");
    }
}

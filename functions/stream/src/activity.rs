//! `activity`: a notification that a board has changed, to people who do not have it open.
//!
//! At most one in [`notes::ACTIVITY_PRECISION`], for any number of changes. The board stores the time of the last one, so
//! that a page that was closed gets it from the list of boards.

use notes::live::{ACTIVITY, HOME, person_room};
use notes::{BoardId, Boards, Timestamp};
use pushes::metrics;
use serde::Serialize;
use socketio::SocketIo;
use tracing::info;

/// The payload: the board, and when it was changed.
#[derive(Serialize)]
struct Activity<'a> {
    board: &'a BoardId,
    changed: Timestamp,
}

/// Notifies the people who can see a board and do not have it open.
pub(crate) async fn notify(
    io: &SocketIo,
    boards: &Boards,
    id: &BoardId,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let changed = Timestamp::now();
    if !boards.record_activity(id, changed).await? {
        return Ok(());
    }
    let Some(board) = boards.find(id).await? else { return Ok(()) };
    let everybody = io.of(HOME).except(id.as_str());
    let report = if board.is_team() {
        everybody.emit(ACTIVITY, &Activity { board: id, changed }).await?
    } else {
        let members = boards.members(id).await?;
        if members.is_empty() {
            return Ok(());
        }
        let members = members.iter().fold(everybody, |to, member| to.to(person_room(&member.username)));
        members.emit(ACTIVITY, &Activity { board: id, changed }).await?
    };
    metrics::count(report);
    info!(board = %id, reached = report.reached, "{ACTIVITY}");
    Ok(())
}

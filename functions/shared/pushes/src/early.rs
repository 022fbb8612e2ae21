//! Pushes by the function that wrote, right after its response.

use std::sync::{Arc, LazyLock};

use after::After;
use futures_util::future::try_join;
use notes::{BoardId, CommentEvent, LeftNote, NoteEvent, NoteKey, Thread};

use crate::{Error, Lists, NoteRooms, change, metrics};

/// Pushes changes after the response of the function that made them. It is cheap to clone.
///
/// Each change that reached all its sockets is marked as delivered, after the last post. Anything else is left to the stream's
/// function: a push that fails, a function that dies, a room that is too large.
#[derive(Clone)]
pub struct EarlyPushes {
    after: After,
    are_made: bool,
    pushes: Arc<Lazy>,
}

/// Creates the clients at the first push, which also connects them, so that they cost no cold start.
type Lazy = LazyLock<Pushes, Box<dyn FnOnce() -> Pushes + Send>>;

/// The targets of the pushes.
struct Pushes {
    lists: Lists,
    rooms: NoteRooms,
    most_sockets: usize,
}

impl EarlyPushes {
    /// Creates early pushes to rooms of at most this many sockets. 0 means none. `targets` is called after the first response.
    #[must_use]
    pub fn new(
        after: After,
        most_sockets: usize,
        targets: impl FnOnce() -> (Lists, NoteRooms) + Send + 'static,
    ) -> Self {
        let pushes = move || {
            let (lists, rooms) = targets();
            Pushes { lists, rooms: rooms.at_most(most_sockets), most_sockets }
        };
        let pushes: Box<dyn FnOnce() -> Pushes + Send> = Box::new(pushes);
        Self { after, are_made: most_sockets > 0, pushes: Arc::new(LazyLock::new(pushes)) }
    }

    /// Returns whether there are any.
    #[must_use]
    pub fn are_made(&self) -> bool {
        self.are_made
    }

    /// Pushes a change of a note to the board's list and to the note's room.
    ///
    /// A change that the list does not show is left to the stream's function. It is the projection of edits, which open pages have.
    pub fn note(&self, event: impl FnOnce() -> NoteEvent) {
        self.run("push of a note", event, |pushes, event| async move {
            if event.changes_list() { pushes.push_note(event).await } else { Ok(()) }
        });
    }

    /// Pushes a change of a comment to the note's room.
    pub fn comment(&self, event: impl FnOnce() -> CommentEvent) {
        self.run("push of a comment", event, |pushes, event| async move { pushes.push_comment(event).await });
    }

    /// Pushes the readers of a note, because one has come or gone: the name of that change is in [`change`].
    pub fn present(&self, board: &BoardId, key: &NoteKey, change: String) {
        let event = || (board.clone(), key.clone(), change);
        self.run(
            "push of the readers",
            event,
            |pushes, event| async move { pushes.push_present(event).await },
        );
    }

    fn run<E, F>(&self, name: &'static str, event: impl FnOnce() -> E, push: impl FnOnce(Arc<Lazy>, E) -> F)
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        if self.are_made {
            self.after.run(name, push(self.pushes.clone(), event()));
        }
    }
}

impl Pushes {
    async fn push_note(&self, event: NoteEvent) -> Result<(), Error> {
        let change = change::of_note(&event);
        let (board, written) = match &event {
            NoteEvent::Created(board, note) | NoteEvent::Updated { board, new: note, .. } => {
                (board.clone(), Some(note.updated))
            }
            NoteEvent::Destroyed(LeftNote { thread, .. }, _) => (thread.board.clone(), None),
        };
        let room = async {
            match event {
                NoteEvent::Created(board, note) | NoteEvent::Updated { board, new: note, .. } => {
                    self.rooms.updated(&board, note).await
                }
                NoteEvent::Destroyed(LeftNote { thread: Thread { board, key, .. }, .. }, _) => {
                    self.rooms.destroyed(&board, &key).await
                }
            }
        };
        let (list, room) = try_join(self.lists.push_early(&board, self.most_sockets), room).await?;
        if list.is_complete() && room.is_complete() {
            self.lists.room(&board).mark_delivered(&change).await?;
            written.into_iter().for_each(metrics::record_delay);
        }
        Ok(())
    }

    async fn push_comment(&self, event: CommentEvent) -> Result<(), Error> {
        let change = change::of_comment(&event);
        let (thread, written) = match &event {
            CommentEvent::Created(thread, comment) => (thread.clone(), Some(comment.created)),
            CommentEvent::Destroyed(thread, _) => (thread.clone(), None),
        };
        let room = match event {
            CommentEvent::Created(_, comment) => self.rooms.commented(&thread, comment).await?,
            CommentEvent::Destroyed(_, id) => self.rooms.comment_destroyed(&thread, id).await?,
        };
        if room.is_complete() {
            self.lists.room(&thread.board).mark_delivered(&change).await?;
            written.into_iter().for_each(metrics::record_delay);
        }
        Ok(())
    }

    async fn push_present(&self, (board, key, change): (BoardId, NoteKey, String)) -> Result<(), Error> {
        let readers = self.rooms.readers(&board);
        let revision = readers.next_revision().await?;
        if self.rooms.present(board, key, revision).await?.is_complete() {
            readers.mark_delivered(&change).await?;
        }
        Ok(())
    }
}

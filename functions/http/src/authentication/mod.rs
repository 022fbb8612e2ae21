//! Identifies the client of a request: its address, its session, whether it is an administrator's, and its access to
//! a board.

mod administrator;
mod client_address;
pub(crate) mod failed_sign_ins;
mod on_board;
mod quota;
mod signed_in;

pub(crate) use self::administrator::Administrator;
pub(crate) use self::client_address::Client;
pub(crate) use self::on_board::{Editor, KeyEditor, NoteEditor, NoteReader, OnBoard, Owner, Reader};
pub(crate) use self::signed_in::SignedIn;

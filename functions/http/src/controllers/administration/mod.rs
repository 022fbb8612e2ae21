//! What administrators do: they invite and manage people, and read the record of it.

pub(crate) mod audit;
pub(crate) mod invitations;
pub(crate) mod people;

//! The actions of administrators: inviting and managing people, and reading the record of that.

pub(crate) mod audit;
pub(crate) mod invitations;
pub(crate) mod people;

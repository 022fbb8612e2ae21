//! Parses notes and comments from JSON objects.

use notes::{
    ArchivedComment, Body, Comment, CommentId, DocumentId, Draft, Invalid, Message, Note, NoteKey, Timestamp,
    Title, Username, Version,
};

use super::members::{FromMembers, Members};

impl FromMembers for Draft {
    fn from_members(members: &mut Members) -> Option<Self> {
        let title = members.required("title", Title::parse);
        let body = members.required("body", Body::parse);
        Some(Self { title: title?, body: body? })
    }
}

impl FromMembers for Note {
    fn from_members(members: &mut Members) -> Option<Self> {
        let key = members.required("key", NoteKey::parse);
        let title = members.required("title", Title::parse);
        let body = members.required("body", Body::parse);
        let author = members.required("author", Username::parse);
        let editor = members.required("editor", Username::parse);
        let version = members.required_number("version", parse_version);
        let created = members.required("created", Timestamp::parse);
        let updated = members.required("updated", Timestamp::parse);
        let importer = members.optional("importer", Username::parse);
        Some(Self {
            key: key?,
            title: title?,
            body: body?,
            author: author?,
            editor: editor?,
            version: version?,
            created: created?,
            updated: updated?,
            listed: updated?,
            document: DocumentId::generate(),
            importer,
        })
    }
}

impl FromMembers for ArchivedComment {
    fn from_members(members: &mut Members) -> Option<Self> {
        let id = members.required("id", CommentId::parse);
        let key = members.required("key", NoteKey::parse);
        let author = members.required("author", Username::parse);
        let message = members.required("message", Message::parse);
        let created = members.required("created", Timestamp::parse);
        let importer = members.optional("importer", Username::parse);
        let note_created = members.required("noteCreated", Timestamp::parse);
        let comment =
            Comment { id: id?, key: key?, author: author?, message: message?, created: created?, importer };
        Some(Self { comment, note_created: note_created? })
    }
}

/// Parses a version. JavaScript represents numbers below 2^53 exactly, so larger ones are refused.
fn parse_version(number: u64) -> Result<Version, Invalid> {
    let version = Version::new(number).filter(|version| version.get() < 1 << 53);
    version.ok_or(Invalid::Value("must be a whole number from 1 to 9007199254740991"))
}

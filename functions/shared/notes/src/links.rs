//! Links by title, `[[title]]`, from the side of the note that they lead to.
//!
//! The stream of notes reports each text with the one that it replaced, whoever changed it. So [`LinkChanges`] follows from the
//! stream alone, and no change of a note costs more unless it changes a link. The rows are in the table of edits, in a
//! partition for each title that notes of a board link to, whether the board has such a note or not.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::to_item;

use crate::tables::{EDITS, Row, read_or_log};
use crate::{BoardId, Note, NoteKey, StoreError, Title, batch};

/// The most links of a note that are found from the other side: the first of them, sorted by title.
const MOST_LINKS: usize = 100;

/// The prefix of the partitions of links.
const PARTITION_PREFIX: &str = "links#";

/// A note that links to another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backlink {
    /// Its key.
    #[serde(rename = "id")]
    pub key: NoteKey,
    /// Its title.
    pub title: Title,
}

/// A page of the links to a title, by the keys of the notes that have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BacklinkPage {
    /// The notes.
    pub links: Vec<Backlink>,
    /// The key after which the next page begins, if there is one.
    pub next: Option<NoteKey>,
}

/// The title of a note, and the titles that its text links to, as partitions name them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Linked {
    title: Title,
    to: BTreeSet<String>,
}

/// What changes of a note change in the links from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkChanges {
    /// The note before each change. `None` if the change created it.
    before: Vec<Option<Linked>>,
    /// The note now. `None` if it has left its board.
    now: Option<Linked>,
}

impl LinkChanges {
    /// Describes a change of a note, which was created if there is no old one, and has left its board if there is no new one.
    #[must_use]
    pub fn of(old: Option<&Note>, new: Option<&Note>) -> Self {
        Self { before: vec![old.map(Linked::of)], now: new.map(Linked::of) }
    }

    /// Adds a later change of the same note.
    pub fn followed_by(&mut self, later: Self) {
        self.before.extend(later.before);
        self.now = later.now;
    }

    /// Returns the titles that are no longer linked to.
    fn removed(&self) -> BTreeSet<&str> {
        let before = self.before.iter().flatten().flat_map(|before| &before.to);
        let is_linked = |title: &String| self.now.as_ref().is_some_and(|now| now.to.contains(title));
        before.filter(|title| !is_linked(title)).map(String::as_str).collect()
    }

    /// Returns the titles whose row is new, or has another title of this note, and the title that the note has now. A batch that
    /// failed half-way may have left the row of any state before.
    fn added(&self) -> BTreeMap<&str, &Title> {
        let Some(now) = &self.now else { return BTreeMap::new() };
        let is_same = |it: &Linked, to: &String| it.title == now.title && it.to.contains(to);
        let has_row =
            |to: &String| self.before.iter().all(|it| it.as_ref().is_some_and(|it| is_same(it, to)));
        now.to.iter().filter(|to| !has_row(to)).map(|to| (to.as_str(), &now.title)).collect()
    }
}

impl Linked {
    fn of(note: &Note) -> Self {
        Self { title: note.title.clone(), to: titles(note.body.as_str()) }
    }
}

/// Returns the titles that a text links to, in the form that is the same for titles that a link does not distinguish. Links in
/// code count, too.
fn titles(text: &str) -> BTreeSet<String> {
    let candidates = text.split("[[").skip(1).filter_map(|rest| {
        let (title, _) = rest.trim_start_matches('[').split_once("]]")?;
        if title.contains(['[', ']', '\n']) { None } else { Title::parse(title).ok() }
    });
    let all: BTreeSet<_> = candidates.map(|title| folded(&title)).collect();
    all.into_iter().take(MOST_LINKS).collect()
}

/// Returns the form of a title in which a link finds it.
fn folded(title: &Title) -> String {
    title.as_str().to_lowercase()
}

fn partition(board: &BoardId, folded: &str) -> String {
    format!("{PARTITION_PREFIX}{board}#{folded}")
}

/// The links by title, in the table of edits.
#[derive(Debug, Clone)]
pub struct Links {
    client: Client,
    table: String,
}

impl Links {
    /// Creates the store of the links in the table `edits`.
    pub fn new(client: Client, edits: impl Into<String>) -> Self {
        Self { client, table: edits.into() }
    }

    /// Stores what changes of a note change in the links from it. Calling it again does no harm. No request if no link changes,
    /// and one for each 25 that do.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn store(
        &self,
        board: &BoardId,
        key: &NoteKey,
        changes: &LinkChanges,
    ) -> Result<(), StoreError> {
        let at = |folded: &str| EDITS.key(&[&partition(board, folded), key]);
        let removed = changes.removed().into_iter().map(|folded| {
            let delete = DeleteRequest::builder().set_key(Some(at(folded))).build()?;
            Ok(WriteRequest::builder().delete_request(delete).build())
        });
        let added = changes.added().into_iter().map(|(folded, title)| {
            let mut row: Row = to_item(Backlink { key: key.clone(), title: title.clone() })?;
            row.extend(at(folded));
            let put = PutRequest::builder().set_item(Some(row)).build()?;
            Ok(WriteRequest::builder().put_request(put).build())
        });
        let writes: Vec<_> = removed.chain(added).collect::<Result<_, StoreError>>()?;
        for writes in writes.chunks(batch::MOST) {
            batch::write(&self.client, &self.table, writes.to_vec()).await?;
        }
        Ok(())
    }

    /// Returns at most `limit` notes of a board that link to a title, by their keys, from the first or after `after`. One query.
    ///
    /// A link appears here a moment after it was written.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn page(
        &self,
        board: &BoardId,
        title: &Title,
        limit: usize,
        after: Option<&NoteKey>,
    ) -> Result<BacklinkPage, StoreError> {
        let partition = partition(board, &folded(title));
        // One more row shows whether there are more.
        let query = EDITS
            .query(&self.client, &self.table, &partition)
            .consistent_read(false)
            .limit(i32::try_from(limit.saturating_add(1)).unwrap_or(i32::MAX))
            .set_exclusive_start_key(after.map(|after| EDITS.key(&[&partition, after])));
        let rows = query.send().await?.items.unwrap_or_default();
        let more = rows.len() > limit;
        let read = rows.into_iter().filter_map(|row| read_or_log(row, "a link"));
        let mut links: Vec<Backlink> = read.collect();
        links.truncate(limit);
        let next = links.last().filter(|_| more).map(|last| last.key.clone());
        Ok(BacklinkPage { links, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linked(title: &str, text: &str) -> Linked {
        Linked { title: Title::parse(title).unwrap(), to: titles(text) }
    }

    fn found(text: &str) -> Vec<String> {
        titles(text).into_iter().collect()
    }

    #[test]
    fn a_text_links_to_the_titles_between_brackets() {
        assert_eq!(found("See [[ Shopping]], [[shopping ]] and [[Ärger]]."), ["shopping", "ärger"]);
        assert_eq!(found("[[[a]]] [[b]c]] [[d\n]] [[]] [[ ]] [e]] [[f"), ["a"]);
        assert_eq!(found("[[a[[b]]"), ["b"]);
    }

    #[test]
    fn a_title_of_200_characters_is_linked_to_and_a_longer_one_is_not() {
        assert_eq!(found(&format!("[[{}]]", "x".repeat(200))).len(), 1);
        assert!(found(&format!("[[{}]]", "x".repeat(201))).is_empty());
    }

    #[test]
    fn a_hundred_links_count_and_another_one_does_not() {
        let text: Vec<_> = (0..101).map(|n| format!("[[{n:03}]]")).collect();
        let found = found(&text.concat());
        assert_eq!((found.len(), found.last().map(String::as_str)), (100, Some("099")));
    }

    fn note(text: &str) -> Linked {
        linked("A", text)
    }

    fn of(titles: &[&str]) -> Vec<String> {
        titles.iter().map(|&title| title.to_owned()).collect()
    }

    /// Describes the changes through these states of a note.
    fn changes(states: &[Option<Linked>]) -> LinkChanges {
        let (now, before) = states.split_last().unwrap();
        LinkChanges { before: before.to_vec(), now: now.clone() }
    }

    fn written(states: &[Option<Linked>]) -> (Vec<String>, Vec<String>) {
        let all = changes(states);
        let removed = all.removed().into_iter().map(str::to_owned).collect();
        (removed, all.added().into_keys().map(str::to_owned).collect())
    }

    #[test]
    fn only_links_that_change_are_written() {
        assert_eq!(
            written(&[Some(note("[[a]] [[b]]")), Some(note("[[b]] [[c]]"))]),
            (of(&["a"]), of(&["c"]))
        );
        assert_eq!(written(&[Some(note("[[a]]")), Some(note("[[a]] more"))]), (of(&[]), of(&[])));
        assert_eq!(written(&[None, Some(note("[[a]] [[b]]"))]), (of(&[]), of(&["a", "b"])));
        assert_eq!(written(&[Some(note("[[a]] [[b]]")), None]), (of(&["a", "b"]), of(&[])));
        let renamed = Some(linked("B", "[[a]] [[b]]"));
        assert_eq!(written(&[Some(note("[[a]] [[b]]")), renamed]), (of(&[]), of(&["a", "b"])));
    }

    #[test]
    fn a_batch_that_is_repeated_with_later_changes_leaves_the_last_links() {
        let all = [Some(note("[[a]] [[b]]")), Some(note("[[b]] [[c]]")), Some(note("[[a]]"))];
        assert_eq!(written(&all), (of(&["b", "c"]), of(&["a"])));
        // It was deleted, which may have removed the row, and another one was created under its key.
        let again = [Some(note("[[a]]")), None, Some(note("[[a]]"))];
        assert_eq!(written(&again), (of(&[]), of(&["a"])));
        let mut followed = changes(&again[..2]);
        followed.followed_by(changes(&again[1..]));
        assert_eq!(followed, changes(&again));
    }
}

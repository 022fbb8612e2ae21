//! Boards, their members and invitations.

use std::time::{Duration, Instant};

use notes::{
    ACTIVITY_PRECISION, Access, BoardError, BoardId, BoardInvitationToken, BoardName, Found, Lookup, Role,
    StoreError, Timestamp, User, Version, Visibility,
};

use super::*;

const DAY: Duration = Duration::from_hours(24);

/// Signs up ada, the administrator, and bob and eve.
async fn people(tables: &Tables) -> [Username; 3] {
    let mut usernames = Vec::new();
    for name in ["ada", "bob", "eve"] {
        let user = User { username: username(name), display_name: DisplayName::parse(name).unwrap() };
        tables.sign_up(&user, "correct horse").await.unwrap();
        usernames.push(user.username);
    }
    tables.requests();
    usernames.try_into().unwrap()
}

fn name(text: &str) -> BoardName {
    BoardName::parse(text).unwrap()
}

async fn private(tables: &Tables, owner: &Username) -> BoardId {
    tables.boards().create(&name("Plans"), Visibility::Private, owner).await.unwrap().board.id
}

async fn role(tables: &Tables, who: &Username, board: &BoardId) -> Option<Role> {
    tables.boards().access(who, board).await.unwrap().map(|access| access.role)
}

async fn listed(tables: &Tables, who: &Username) -> Vec<(String, Role)> {
    let boards = tables.boards().of(who).await.unwrap();
    boards.into_iter().map(|Access { board, role, .. }| (board.name.to_string(), role)).collect()
}

#[tokio::test]
async fn the_first_account_creates_the_first_board_which_everybody_may_edit() {
    let tables = Tables::start();
    let [ada, bob, _] = people(&tables).await;
    assert_eq!(listed(&tables, &ada).await, [("Team".into(), Role::Editor)]);
    assert_eq!(listed(&tables, &bob).await, [("Team".into(), Role::Editor)]);
    let team = tables.boards().find(&BoardId::team()).await.unwrap().unwrap();
    assert_eq!((team.version, team.visibility), (Version::FIRST, Visibility::Team(Role::Editor)));
}

#[tokio::test]
async fn a_private_board_exists_for_its_members_only() {
    let tables = Tables::start();
    let [ada, bob, eve] = people(&tables).await;
    let board = private(&tables, &bob).await;
    assert!(tables.boards().set_role(&board, &eve, Role::Reader).await.unwrap());
    assert_eq!(role(&tables, &ada, &board).await, None);
    assert_eq!(role(&tables, &bob, &board).await, Some(Role::Owner));
    assert_eq!(role(&tables, &eve, &board).await, Some(Role::Reader));
    assert_eq!(listed(&tables, &ada).await.len(), 1);
    assert_eq!(listed(&tables, &eve).await[1], ("Plans".into(), Role::Reader));
    let members = tables.boards().members(&board).await.unwrap();
    let members: Vec<_> = members.iter().map(|member| (member.username.as_str(), member.role)).collect();
    assert_eq!(members, [("bob", Role::Owner), ("eve", Role::Reader)]);
}

#[tokio::test]
async fn boards_are_listed_by_name_after_the_first_one() {
    let tables = Tables::start();
    let [ada, bob, _] = people(&tables).await;
    for text in ["zebra", "Apple", "mango"] {
        tables.boards().create(&name(text), Visibility::Team(Role::Reader), &bob).await.unwrap();
    }
    let names: Vec<_> = listed(&tables, &ada).await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Team", "Apple", "mango", "zebra"]);
    tables.requests();
    tables.boards().of(&ada).await.unwrap();
    assert_eq!(tables.requests(), ["Query Boards", "Query Boards", "BatchGetItem Boards"]);
}

#[tokio::test]
async fn a_private_board_keeps_an_owner() {
    let tables = Tables::start();
    let [ada, bob, _] = people(&tables).await;
    let board = private(&tables, &bob).await;
    let boards = tables.boards();
    assert!(matches!(boards.remove_member(&board, &bob).await, Err(BoardError::LastOwner)));
    assert!(matches!(boards.set_role(&board, &bob, Role::Reader).await, Err(BoardError::LastOwner)));
    boards.set_role(&board, &ada, Role::Owner).await.unwrap();
    boards.remove_member(&board, &bob).await.unwrap();
    assert!(matches!(boards.remove_member(&board, &ada).await, Err(BoardError::LastOwner)));
    assert_eq!(role(&tables, &bob, &board).await, None);
    assert_eq!(listed(&tables, &bob).await.len(), 1);
    // A board of the team may have no other owner, because administrators own it, too.
    boards.set_role(&BoardId::team(), &ada, Role::Owner).await.unwrap();
    assert_eq!(role(&tables, &ada, &BoardId::team()).await, Some(Role::Owner));
    boards.remove_member(&BoardId::team(), &ada).await.unwrap();
    assert_eq!(role(&tables, &ada, &BoardId::team()).await, Some(Role::Editor));
}

#[tokio::test]
async fn a_board_of_the_team_becomes_private_with_an_owner_only() {
    let tables = Tables::start();
    let [ada, bob, _] = people(&tables).await;
    let boards = tables.boards();
    let board = boards.create(&name("Open"), Visibility::Team(Role::Editor), &bob).await.unwrap().board;
    boards.remove_member(&board.id, &bob).await.unwrap();
    let hidden = boards.change(&board, board.version, &board.name, Visibility::Private).await;
    assert!(matches!(hidden, Err(BoardError::LastOwner)), "{hidden:?}");
    boards.set_role(&board.id, &bob, Role::Owner).await.unwrap();
    let hidden = boards.change(&board, board.version, &name("Hidden"), Visibility::Private).await.unwrap();
    assert_eq!((hidden.version, hidden.name.as_str()), (board.version.next(), "Hidden"));
    assert_eq!(role(&tables, &ada, &board.id).await, None);
    assert_eq!(listed(&tables, &ada).await.len(), 1);
    let shown = boards.change(&hidden, hidden.version, &board.name, Visibility::Team(Role::Reader)).await;
    assert_eq!(shown.unwrap().version.get(), 3);
    assert_eq!(role(&tables, &ada, &board.id).await, Some(Role::Reader));
    assert_eq!(listed(&tables, &ada).await.len(), 2);
}

#[tokio::test]
async fn a_change_needs_the_current_version() {
    let tables = Tables::start();
    let [ada, ..] = people(&tables).await;
    let boards = tables.boards();
    let team = boards.find(&BoardId::team()).await.unwrap().unwrap();
    let visibility = Visibility::Team(Role::Reader);
    let other = Version::new(7).unwrap();
    let stale = boards.change(&team, other, &name("Crew"), visibility).await;
    assert!(matches!(stale, Err(BoardError::Stale(now)) if *now == team));
    boards.change(&team, team.version, &name("Crew"), visibility).await.unwrap();
    // A repeated request, whose response was lost, finds its own change.
    let repeated = boards.change(&team, team.version, &name("Crew"), visibility).await.unwrap();
    assert_eq!(repeated.version, team.version.next());
    let board = private(&tables, &ada).await;
    assert!(matches!(boards.delete(&board, other).await, Err(BoardError::Stale(_))));
    boards.delete(&board, Version::FIRST).await.unwrap();
    assert!(matches!(boards.delete(&board, Version::FIRST).await, Err(BoardError::NotFound)));
    assert!(matches!(boards.set_role(&board, &ada, Role::Reader).await, Err(BoardError::NotFound)));
}

#[tokio::test]
async fn the_first_board_stays_and_stays_visible() {
    let tables = Tables::start();
    people(&tables).await;
    let boards = tables.boards();
    let team = boards.find(&BoardId::team()).await.unwrap().unwrap();
    assert!(matches!(boards.delete(&team.id, team.version).await, Err(BoardError::Permanent)));
    let hidden = boards.change(&team, team.version, &team.name, Visibility::Private).await;
    assert!(matches!(hidden, Err(BoardError::Permanent)));
}

#[tokio::test]
async fn only_people_with_accounts_become_members() {
    let tables = Tables::start();
    let [ada, ..] = people(&tables).await;
    let board = private(&tables, &ada).await;
    let added = tables.boards().set_role(&board, &username("nobody"), Role::Reader).await;
    assert!(matches!(added, Err(BoardError::NoSuchAccount)), "{added:?}");
    let removed = tables.boards().remove_member(&board, &username("nobody")).await;
    assert!(matches!(removed, Err(BoardError::NoSuchMember)));
    assert!(!tables.boards().set_role(&board, &ada, Role::Owner).await.unwrap(), "nothing to change");
}

#[tokio::test]
async fn a_deleted_board_is_gone_at_once_and_purged_later() {
    let tables = Tables::start();
    let [ada, bob, _] = people(&tables).await;
    let (board, boards) = (private(&tables, &ada).await, tables.boards());
    boards.set_role(&board, &bob, Role::Editor).await.unwrap();
    boards.invite(&board, &ada, Role::Reader, 1, DAY).await.unwrap();
    let notes = tables.notes().on(&board);
    for key in ["a", "b", "c"] {
        notes.create(&key.parse_key(), &draft("A"), &ada).await.unwrap();
    }
    // Nothing is purged while the board exists.
    boards.purge(&board).await.unwrap();
    assert_eq!(boards.members(&board).await.unwrap().len(), 2);

    boards.delete(&board, Version::FIRST).await.unwrap();
    assert_eq!(role(&tables, &bob, &board).await, None);
    assert_eq!(listed(&tables, &bob).await.len(), 1);
    boards.purge(&board).await.unwrap();
    assert!(!notes.purge(Instant::now()).await.unwrap(), "no time for all");
    assert!(notes.purge(Instant::now() + DAY).await.unwrap());
    boards.end_purge(&board, true).await.unwrap();
    boards.end_purge(&board, false).await.unwrap();
    assert_eq!(tables.rows("Notes").await.len(), 0);
    // One row waits for notes that are still being written.
    let of_the_board = async || {
        let rows = tables.rows("Boards").await;
        rows.into_iter().filter(|row| format!("{row:?}").contains(board.as_str())).collect::<Vec<_>>()
    };
    let [ref last] = of_the_board().await[..] else { panic!("{:?}", of_the_board().await) };
    assert_eq!(last["member"], AttributeValue::S("#purge".into()));
    let end: i64 = last["expires"].as_n().unwrap().parse().unwrap();
    assert!(end > Timestamp::now().as_second() + 20, "no request takes that long");

    // After its end, nothing makes it again.
    let key =
        [("board", board.as_str()), ("member", "#purge")].map(|(name, value)| (name.to_owned(), text(value)));
    tables.client.delete_item().table_name("Boards").set_key(Some(key.into())).send().await.unwrap();
    boards.end_purge(&board, false).await.unwrap();
    assert_eq!(of_the_board().await, []);
}

/// Members of a board, and the one who becomes its owner.
type Succession<'a> = (Vec<(&'a Username, Role)>, Option<&'a Username>);

#[tokio::test]
async fn a_private_board_passes_to_another_member_when_its_only_owner_leaves() {
    let tables = Tables::start();
    let [ada, bob, eve] = people(&tables).await;
    let boards = tables.boards();
    let heirs: [Succession<'_>; 4] = [
        // The highest role, and of several the member who joined first.
        (vec![(&eve, Role::Reader), (&bob, Role::Editor)], Some(&bob)),
        (vec![(&eve, Role::Editor), (&bob, Role::Editor)], Some(&eve)),
        (vec![(&eve, Role::Editor), (&bob, Role::Owner)], Some(&bob)),
        (vec![], None),
    ];
    let mut left = Vec::new();
    for (members, _) in &heirs {
        let board = private(&tables, &ada).await;
        for (username, role) in members {
            let before = Timestamp::now();
            boards.set_role(&board, username, *role).await.unwrap();
            while Timestamp::now() <= before {}
        }
        left.push(board);
    }
    let team = boards.create(&name("Kitchen"), Visibility::Team(Role::Reader), &ada).await.unwrap().board.id;

    // A repetition does no harm.
    for _ in 0..2 {
        boards.leave_all(&ada).await.unwrap();
        for (board, (members, heir)) in left.iter().zip(&heirs) {
            assert_eq!(role(&tables, &ada, board).await, None);
            assert_eq!(boards.find(board).await.unwrap().is_some(), heir.is_some());
            for (username, given) in members {
                let expected = if Some(*username) == *heir { Role::Owner } else { *given };
                assert_eq!(role(&tables, username, board).await, Some(expected), "{username}");
            }
        }
        assert_eq!(boards.members(&team).await.unwrap(), []);
        assert!(boards.find(&team).await.unwrap().is_some(), "administrators own it");
    }
}

#[tokio::test]
async fn a_deleted_account_leaves_word_for_its_boards_in_the_same_transaction() {
    let tables = Tables::start();
    let [ada, bob, _] = people(&tables).await;
    let board = private(&tables, &bob).await;
    let departures = async || {
        let rows = tables.rows("Boards").await.into_iter();
        rows.filter(|row| row["member"] == text("#departure"))
            .map(|row| row["board"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(departures().await, []);
    tables.people().remove(Some(&ada), &bob, &tables.boards()).await.unwrap();
    assert_eq!(departures().await, [text("#person#bob")]);
    assert_eq!(role(&tables, &bob, &board).await, Some(Role::Owner), "the stream's function does the rest");
    tables.boards().leave_all(&bob).await.unwrap();
    assert_eq!(departures().await, []);
    assert!(tables.boards().find(&board).await.unwrap().is_none());
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// Shortens tests.
trait ParseKey {
    fn parse_key(&self) -> notes::NoteKey;
}

impl ParseKey for str {
    fn parse_key(&self) -> notes::NoteKey {
        notes::NoteKey::parse(self).unwrap()
    }
}

fn draft(title: &str) -> Draft {
    Draft { title: Title::parse(title).unwrap(), body: Body::parse("").unwrap() }
}

#[tokio::test]
async fn an_invitation_makes_as_many_members_as_it_has_uses() {
    let tables = Tables::start();
    let [ada, bob, eve] = people(&tables).await;
    let (board, boards) = (private(&tables, &ada).await, tables.boards());
    let (token, made) = boards.invite(&board, &ada, Role::Reader, 1, DAY).await.unwrap();
    assert_eq!(boards.invitations(&board).await.unwrap(), [made]);
    let token = BoardInvitationToken::parse(&token.reveal()).unwrap();
    // A member with a higher role uses nothing.
    assert_eq!(boards.join(&token, &ada).await.unwrap().role, Role::Owner);
    assert_eq!(boards.join(&token, &bob).await.unwrap().role, Role::Reader);
    assert!(matches!(boards.join(&token, &eve).await, Err(BoardError::NotInvited)));
    assert_eq!(boards.invitations(&board).await.unwrap(), []);
    let stored = format!("{:?}", tables.rows("Boards").await);
    assert!(!stored.contains(token.reveal().split_once('.').unwrap().1), "only a digest is stored");

    let (token, _) = boards.invite(&board, &ada, Role::Editor, 1, DAY).await.unwrap();
    assert_eq!(boards.join(&token, &bob).await.unwrap().role, Role::Editor, "a reader becomes an editor");
}

#[tokio::test]
async fn an_invitation_that_is_revoked_expired_or_of_a_deleted_board_makes_no_member() {
    let tables = Tables::start();
    let [ada, bob, _] = people(&tables).await;
    let (board, boards) = (private(&tables, &ada).await, tables.boards());
    let (revoked, made) = boards.invite(&board, &ada, Role::Reader, 1, DAY).await.unwrap();
    assert!(boards.revoke(&board, &made.id).await.unwrap());
    assert!(!boards.revoke(&board, &made.id).await.unwrap());
    let (expired, _) = boards.invite(&board, &ada, Role::Reader, 1, Duration::ZERO).await.unwrap();
    let (late, _) = boards.invite(&board, &ada, Role::Reader, 1, DAY).await.unwrap();
    let strange = BoardInvitationToken::parse(&format!("team.{}", late.reveal().split_once('.').unwrap().1));
    boards.delete(&board, Version::FIRST).await.unwrap();
    for token in [revoked, expired, late, strange.unwrap()] {
        assert!(matches!(boards.join(&token, &bob).await, Err(BoardError::NotInvited)));
    }
    assert_eq!(listed(&tables, &bob).await.len(), 1);
}

#[tokio::test]
async fn one_request_reads_all_that_a_request_needs() {
    let tables = Tables::start();
    let [ada, bob, _] = people(&tables).await;
    let board = private(&tables, &ada).await;
    let user = User { username: ada.clone(), display_name: DisplayName::parse("ada").unwrap() };
    let (_, session) = tables.begin(&user).await;
    let note = tables.notes().on(&board).create(&"a".parse_key(), &draft("A"), &ada).await.unwrap();
    let lookup = Lookup::new(tables.client.clone(), tables.sessions(), "Boards", "Notes");
    tables.requests();
    let found = lookup.find(&session.id, &board, Some(&note.key)).await.unwrap();
    assert_eq!(tables.requests(), ["BatchGetItem Boards, Notes, Sessions"]);
    let access = found.access.clone().unwrap();
    assert_eq!((access.role, access.is_member), (Role::Owner, true));
    assert_eq!((found.session, found.note), (Some(session.clone()), Some(note.clone())));

    // Nobody else finds the note, nor does somebody whose session has ended.
    let other = User { username: bob.clone(), display_name: DisplayName::parse("bob").unwrap() };
    let (_, others) = tables.begin(&other).await;
    let hidden = lookup.find(&others.id, &board, Some(&note.key)).await.unwrap();
    assert_eq!(hidden, Found { session: Some(others), access: None, note: None });
    tables.sessions().end(&session.id).await.unwrap();
    let ended = lookup.find(&session.id, &board, Some(&note.key)).await.unwrap();
    assert_eq!(ended, Found { session: None, access: None, note: None });
}

#[tokio::test]
async fn a_moved_note_keeps_its_text_and_takes_its_comments_along() {
    let tables = Tables::start();
    let [ada, ..] = people(&tables).await;
    let (from, to) = (private(&tables, &ada).await, private(&tables, &ada).await);
    let key = "a".parse_key();
    let note = tables.notes().on(&from).create(&key, &draft("A"), &ada).await.unwrap();
    let (old, new) = (Thread::of(&from, &note), Thread::of(&to, &note));
    let (contents, document) = (tables.contents(), note.document.clone());
    let settle = async |thread: &Thread, to: &BoardId| {
        let (thread, document, moved_to) = (thread.clone(), document.clone(), Some(to.clone()));
        contents.settle(&notes::LeftNote { thread, document, moved_to }).await.unwrap();
    };
    let message = notes::Message::parse("Milk?").unwrap();
    let id = notes::CommentId::generate();
    let comment = tables.comments().create(&old, &id, &message, &ada).await.unwrap();

    let moved = tables.notes().on(&from).move_to(&note, note.version, &to, &ada).await.unwrap();
    assert_eq!(
        (moved.version, &moved.title, moved.created),
        (note.version.next(), &note.title, note.created)
    );
    assert_eq!(tables.notes().on(&from).read(&key).await.unwrap(), None);
    assert_eq!(tables.notes().on(&to).read(&key).await.unwrap(), Some(moved.clone()));
    for _ in ["once", "again"] {
        settle(&old, &to).await;
        assert_eq!(
            tables.comments().page(&new, 20, None).await.unwrap().comments,
            std::slice::from_ref(&comment)
        );
        assert_eq!(tables.comments().page(&old, 20, None).await.unwrap().comments, []);
    }
    // The note returns to the key of its own tombstone.
    let back = tables.notes().on(&to).move_to(&moved, moved.version, &from, &ada).await.unwrap();
    assert_eq!(back.version.get(), 3);
    // The first move is repeated, late: the comments follow to where the note is now.
    settle(&old, &to).await;
    settle(&new, &from).await;
    assert_eq!(tables.comments().page(&old, 20, None).await.unwrap().comments, [comment]);
    let gone = tables.notes().on(&to).move_to(&moved, moved.version, &from, &ada).await;
    assert!(matches!(gone, Err(notes::WriteError::NotFound)), "{gone:?}");
    let other = tables.notes().on(&to).create(&key, &draft("Another"), &ada).await.unwrap();
    let taken = tables.notes().on(&from).move_to(&back, back.version, &to, &ada).await;
    assert!(matches!(taken, Err(notes::WriteError::Exists(note)) if *note == other));
}

#[tokio::test]
async fn activity_is_news_once_in_a_while() {
    let tables = Tables::start();
    people(&tables).await;
    let (team, now, boards) = (BoardId::team(), Timestamp::now(), tables.boards());
    assert!(boards.record_activity(&team, now).await.unwrap());
    assert!(!boards.record_activity(&team, now.saturating_add(ACTIVITY_PRECISION)).await.unwrap());
    let later = now.saturating_add(ACTIVITY_PRECISION + Duration::from_millis(1));
    assert!(boards.record_activity(&team, later).await.unwrap());
    assert_eq!(boards.find(&team).await.unwrap().unwrap().changed, Some(later));
    assert!(!boards.record_activity(&BoardId::generate(), now).await.unwrap(), "a deleted board");
}

#[tokio::test]
async fn a_failing_table_is_an_error() {
    let tables = Tables::start();
    let boards = Boards::new(tables.client.clone(), "Nowhere");
    assert!(matches!(boards.of(&username("ada")).await, Err(StoreError::DynamoDb(_))));
}

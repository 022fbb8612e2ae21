// Boards: visibility, the rights of each role, and changes that others see at once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, launch, newUsername, PASSWORD, TestUser, testUsers, titled, until } from "./browser.mjs";

const GONE = "This board is gone or you are no longer a member.";
const KEPT = "You can no longer save this note here. Your text stays in this browser until you discard it.";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const section = ({ page }, name) => page.getByRole("region", { name, exact: true });
const button = ({ page }, name) => page.getByRole("button", { name, exact: true });

/** Opens a board with a link of the list. */
async function openBoard(user, name) {
  await user.listedBoard(name).click();
  await user.heading(name).waitFor();
}

/** Opens the view of a board's members as a user does. */
async function openMembers(user, name) {
  await openBoard(user, name);
  await user.page.getByRole("link", { name: "Members" }).click();
  await user.heading(`Members of ${name}`).waitFor();
}

/** Creates a private board with the dialog. */
async function makeBoard(user, name) {
  await button(user, "New board").click();
  const dialog = user.page.getByRole("dialog", { name: "New board" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create board" }).click();
  await user.heading(name).waitFor();
  await dialog.waitFor({ state: "detached" });
}

/** Creates an invitation link to a board. */
async function invite(user, name) {
  await openMembers(user, name);
  const invitations = section(user, "Invite people");
  await invitations.getByRole("button", { name: "Create invitation link" }).click();
  return invitations.getByLabel("Invitation link").inputValue();
}

/** Changes somebody's role on the board whose members the user sees. */
async function changeRole(user, { username }, role) {
  await user.page.getByLabel(`Role of ${username}`).selectOption(role);
  await user.page.getByText(`The role of ${username} is changed.`).waitFor({ state: "attached" });
}

/** Keeps the edits of a user from the server until the returned function is called. Before the note is joined, HTTP sends them. */
async function holdEdits({ wire }) {
  await until(() => wire.received.some((frame) => frame.startsWith('42/notes,["document"')), "the note is joined");
  wire.swallows = (frame) => /^42\/notes,\d*\["edit"/.test(frame);
  return () => {
    wire.swallows = () => false;
    wire.drop();
  };
}

/** Counts how often a page loads. */
function loadsOf({ page }) {
  const loads = { count: 0 };
  page.on("load", () => (loads.count += 1));
  return loads;
}

test("members of a private board see each other's notes, and others do not find it", async (t) => {
  const [ada, bob, eve] = await testUsers(t, browser, 3);
  const [name, adas, bobs] = [titled("Kitchen"), titled("Milk"), titled("Bread")];
  await makeBoard(ada, name);
  const board = new URL(ada.page.url()).hash;
  const link = await invite(ada, name);
  assert.match(link, /^http.+\/#\/join\/[\w-]+\.[\w-]{43}$/);

  await bob.page.goto(link);
  await bob.heading("Join a board").waitFor();
  assert.ok(!bob.page.url().includes("join"), "the link has left the address");
  await button(bob, "Join the board").click();
  await bob.heading(name).waitFor();
  await bob.page.getByText("Create the first one. Everyone on this board sees it at once.").waitFor();

  await ada.write(adas, "Two bottles.");
  await bob.listed(adas).waitFor();
  await bob.write(bobs, "One loaf.");
  await ada.open(bobs);
  await ada.textIs("One loaf.");

  // The link was for one person.
  await eve.page.goto(link);
  await button(eve, "Join the board").click();
  await eve.page.getByText("This invitation has been used or revoked, or has expired.").waitFor();
  await eve.goTo(board);
  await eve.heading(GONE).waitFor();
  assert.equal(await eve.listedBoard(name).count(), 0);
  assert.equal(await eve.listed(adas).count(), 0);
  await eve.page.getByRole("link", { name: "Go to your boards" }).click();
  await eve.heading("Team").waitFor();
  await button(eve, "Switch board").click();
  const options = eve.page.getByRole("dialog", { name: "Switch board" }).getByRole("option");
  await options.getByText("Team", { exact: true }).waitFor();
  assert.equal(await options.getByText(name).count(), 0);
});

test("a visitor with a link to a board creates an account and joins the board", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const name = titled("Kitchen");
  await makeBoard(ada, name);
  const link = await invite(ada, name);

  const bob = await TestUser.open(browser);
  t.after(() => bob.leave());
  await bob.page.goto(link);
  await bob.page.getByText("Sign in to join the board.").waitFor();
  await bob.openSignUp();
  await bob.page.getByLabel("Username").fill(newUsername());
  await bob.page.getByLabel("Password").fill(PASSWORD);
  await button(bob, "Create account").click();
  await button(bob, "Join the board").click();
  await bob.heading(name).waitFor();
  assert.deepEqual(bob.errors, []);
});

test("a member who becomes a reader while typing keeps the text, and saves it as an editor again", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const [bob] = await testUsers(t, browser, 1, { wired: true });
  const [name, title] = [titled("Kitchen"), titled("Milk")];
  await ada.createBoard(name, { [bob.username]: "editor" });
  await openBoard(ada, name);
  await ada.write(title, "Two bottles.");
  await openBoard(bob, name);
  await bob.open(title);
  const loads = loadsOf(bob);
  const release = await holdEdits(bob);
  await bob.replaceText("Three bottles, and");

  await openMembers(ada, name);
  await changeRole(ada, bob, "Reader");
  await bob.page.getByRole("alert").getByText(KEPT).waitFor();
  release();
  await bob.page.locator(".saving").getByText("Not saved", { exact: true }).waitFor();
  await bob.textIs("Three bottles, and");
  assert.equal(await bob.text.getAttribute("aria-readonly"), "true");
  assert.equal(await bob.title.getAttribute("readonly"), "");
  assert.equal(await bob.page.getByRole("link", { name: "New note" }).count(), 0);
  await bob.page.getByText("You may read this board.").first().waitFor();
  await button(bob, "Discard").waitFor();

  await ada.open(title);
  await ada.textIs("Two bottles.");
  await openMembers(ada, name);
  await changeRole(ada, bob, "Editor");
  await bob.page.getByText(KEPT).waitFor({ state: "detached" });
  await bob.isSaved();
  await bob.text.press("Control+End");
  await bob.page.keyboard.type(" cream.");
  await ada.open(title);
  await ada.textIs("Three bottles, and cream.");
  assert.equal(loads.count, 0);
});

test("a reader sees notes change and finds nothing to change them with", async (t) => {
  const [ada, bob] = await testUsers(t, browser, 2);
  const [name, title] = [titled("Kitchen"), titled("Milk")];
  await ada.createBoard(name, { [bob.username]: "reader" });
  await openBoard(ada, name);
  await ada.write(title, "Two bottles.\n\n- [ ] bought");
  const files = [];
  bob.page.on("request", (request) => files.push(request.url()));
  await openBoard(bob, name);
  await bob.open(title);
  await ada.replaceText("Three bottles.\n\n- [ ] bought");
  await bob.article.getByText("Three bottles.").waitFor();
  assert.equal(await bob.page.getByRole("link", { name: "New note", exact: true }).count(), 0);
  for (const action of ["More actions", "Delete", "Add comment"]) {
    assert.equal(await button(bob, action).count(), 0, action);
  }
  assert.ok(await bob.article.getByRole("checkbox").isDisabled());
  await bob.page.keyboard.press("e");
  await bob.page.keyboard.press("n");
  await bob.page.keyboard.press("g");
  await bob.heading(name).waitFor();
  await bob.goTo((await bob.listed(title).getAttribute("href")).concat("/edit"));
  await bob.heading(title).waitFor();
  assert.equal(await bob.text.count(), 0);
  assert.deepEqual(
    files.filter((file) => file.includes("/assets/write-")),
    [],
    "readers do not load the editor",
  );
});

test("a member who is removed while typing keeps the text in the browser and receives nothing more", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const [bob] = await testUsers(t, browser, 1, { wired: true });
  const [name, title] = [titled("Kitchen"), titled("Milk")];
  const [secret, open] = [titled("Not for Bob"), titled("For everybody")];
  await ada.createBoard(name, { [bob.username]: "editor" });
  await openBoard(ada, name);
  await ada.write(title, "Two bottles.");
  await openBoard(bob, name);
  await bob.open(title);
  const release = await holdEdits(bob);
  await bob.replaceText("Three bottles, and");

  await openMembers(ada, name);
  await button(ada, `Remove ${bob.username}`).click();
  await ada.page.getByText(`${bob.username} is removed.`).waitFor({ state: "attached" });
  await bob.page.getByRole("alert").getByText(KEPT).waitFor();
  release();
  await bob.listedBoard(name).waitFor({ state: "detached" });
  await bob.listed(title).waitFor({ state: "detached" });
  await bob.textIs("Three bottles, and");

  const received = bob.wire.received.length;
  await openBoard(ada, name);
  await ada.write(secret, "Only here.");
  await openBoard(ada, "Team");
  await ada.write(open, "");

  // The text outlives the page.
  await bob.page.reload();
  await bob.page.getByRole("alert").getByText(KEPT).waitFor();
  await bob.textIs("Three bottles, and");
  await button(bob, "Discard").click();
  await bob.heading(GONE).waitFor();
  await bob.page.getByRole("link", { name: "Go to your boards" }).click();
  await bob.heading("Team").waitFor();
  await bob.listed(open).waitFor();
  const frames = bob.wire.received.slice(received);
  assert.ok(frames.some((frame) => frame.includes(open)));
  assert.ok(!frames.some((frame) => frame.includes(secret)));
});

test("a board that changed elsewhere is unread until it is opened", async (t) => {
  const [ada, bob] = await testUsers(t, browser, 2);
  const [name, title] = [titled("Kitchen"), titled("Milk")];
  await ada.createBoard(name, { [bob.username]: "editor" });
  const unread = bob.listedBoard(name).getByText("(unread)");
  await bob.listedBoard(name).waitFor();
  assert.equal(await unread.count(), 0);

  await openBoard(ada, name);
  await ada.write(title, "Two bottles.");
  await unread.waitFor({ state: "attached" });
  // Others write on the board that all have.
  const ownUnread = ada.listedBoard(name).getByText("(unread)");
  assert.equal(await ownUnread.count(), 0, "the page of its author has it open");

  await openBoard(bob, name);
  await bob.listed(title).waitFor();
  await unread.waitFor({ state: "detached" });
  await openBoard(bob, "Team");
  await bob.page.reload();
  await bob.listedBoard(name).waitFor();
  await bob.isConnected();
  assert.equal(await unread.count(), 0);
});

test("a user switches boards with the keyboard alone", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const { keyboard } = ada.page;
  const kind = titled("Room");
  const [cellar, kitchen] = [`${kind} cellar`, `${kind} kitchen`];
  await ada.createBoard(cellar);
  await ada.createBoard(kitchen);
  await ada.listedBoard(kitchen).waitFor();
  const dialog = ada.page.getByRole("dialog", { name: "Switch board" });
  const filter = dialog.getByRole("combobox", { name: "Filter boards by name" });
  /** Waits until the option of that name is selected, and checks that the field refers to it. */
  const isSelected = async (name) => {
    const option = dialog.getByRole("listbox", { name: "Boards" }).getByRole("option", { name, selected: true });
    await option.waitFor();
    assert.equal(await filter.getAttribute("aria-activedescendant"), await option.getAttribute("id"));
  };

  await keyboard.press("b");
  await dialog.waitFor();
  assert.ok(await filter.evaluate((field) => field === document.activeElement));
  await keyboard.type(kind.toUpperCase());
  await dialog.getByText("2 boards").waitFor();
  await isSelected(cellar);
  await keyboard.press("ArrowDown");
  await isSelected(kitchen);
  await keyboard.press("ArrowDown");
  await isSelected(cellar);
  await keyboard.press("ArrowUp");
  await isSelected(kitchen);
  await keyboard.press("Enter");
  await ada.heading(kitchen).waitFor();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await ada.listedBoard(kitchen).getAttribute("aria-current"), "true");

  await keyboard.press("b");
  await keyboard.type("no board has this name");
  await dialog.getByText("No boards found").waitFor();
  await keyboard.press("Enter");
  await keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await ada.heading(kitchen).waitFor();
});

test("a note moves to another board with its comments, and leaves the first one at once", async (t) => {
  const [ada, bob] = await testUsers(t, browser, 2);
  const [from, to, title] = [titled("Kitchen"), titled("Cellar"), titled("Milk")];
  await ada.createBoard(from, { [bob.username]: "reader" });
  await ada.createBoard(to, { [bob.username]: "reader" });
  await openBoard(ada, from);
  await ada.write(title, "Two bottles.");
  await ada.comment("And butter?");
  await ada.commented("And butter?").waitFor();
  await openBoard(bob, from);
  await bob.open(title);
  await bob.commented("And butter?").waitFor();

  await ada.act("Move to another board…");
  await ada.page.getByRole("dialog").getByLabel("Move to another board").selectOption({ label: to });
  await button(ada, "Move").click();
  await ada.page.locator(".boards [aria-current]").getByText(to).waitFor();
  await ada.heading(title).waitFor();
  await ada.commented("And butter?").waitFor();
  await ada.listed(title).waitFor();

  await bob.heading("This note was deleted").waitFor();
  await bob.listed(title).waitFor({ state: "detached" });
  await openBoard(bob, to);
  await bob.open(title);
  await bob.page.getByRole("article").getByText("Two bottles.").waitFor();
  await bob.commented("And butter?").waitFor();
  // The note is live where it is now.
  await ada.comment("And cream?");
  await bob.commented("And cream?").waitFor();
});

test("a board that is renamed or deleted is so for the other members at once", async (t) => {
  const [ada, bob] = await testUsers(t, browser, 2);
  const [before, name, title] = [titled("Kitchen"), titled("Cellar"), titled("Milk")];
  const id = await ada.createBoard(before, { [bob.username]: "editor" });
  await openBoard(bob, before);
  await bob.write(title, "Two bottles.");
  await bob.page.getByRole("link", { name: "Notes", exact: true }).click();
  await bob.heading(before).waitFor();

  await openMembers(ada, before);
  const settings = section(ada, "Settings");
  await settings.getByLabel("Name").fill(name);
  await settings.getByRole("button", { name: "Save settings" }).click();
  await settings.getByText("The settings are saved.").waitFor();
  await ada.heading(`Members of ${name}`).waitFor();
  await bob.heading(name).waitFor();
  await bob.listedBoard(name).waitFor();
  assert.equal(await bob.listedBoard(before).count(), 0);

  await button(ada, "Delete board…").click();
  const dialog = ada.page.getByRole("dialog", { name: `Delete the board “${name}”?` });
  await dialog.getByRole("button", { name: "Keep board" }).click();
  await dialog.waitFor({ state: "detached" });
  await button(ada, "Delete board…").click();
  await dialog.getByRole("button", { name: "Delete board permanently" }).click();
  await ada.heading("Team").waitFor();
  await bob.heading(GONE).waitFor();
  await bob.listedBoard(name).waitFor({ state: "detached" });
  await bob.listed(title).waitFor({ state: "detached" });
  await ada.listedBoard(name).waitFor({ state: "detached" });
  assert.equal((await bob.context.request.get(`${address}/api/boards/${id}`)).status(), 404);
});

test("a member leaves a board, and its last owner cannot", async (t) => {
  const [ada, bob] = await testUsers(t, browser, 2);
  const name = titled("Kitchen");
  await ada.createBoard(name, { [bob.username]: "editor" });
  const leave = async (user) => {
    await button(user, "Leave board").click();
    await user.page.getByRole("dialog").getByRole("button", { name: "Leave board" }).click();
  };
  await openMembers(ada, name);
  await leave(ada);
  await section(ada, "Members").getByRole("alert").waitFor();
  await ada.heading(`Members of ${name}`).waitFor();

  await openMembers(bob, name);
  for (const owners of ["Invite people", "Settings", "Import", "Delete board"]) {
    assert.equal(await section(bob, owners).count(), 0, owners);
  }
  await button(bob, "Leave board").click();
  await button(bob, "Stay").click();
  await leave(bob);
  await bob.heading("Team").waitFor();
  await bob.listedBoard(name).waitFor({ state: "detached" });
});

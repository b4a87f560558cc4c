import assert from "node:assert/strict";
import { test } from "node:test";
import { Players } from "#sdk/integrations/worker/players.ts";
import { FILM } from "./support/worker-stage.ts";

/*
 * There is no IndexedDB in Node, as there is none where storage is forbidden. What outlives a worker is tested in
 * test/e2e/worker-media.test.ts.
 */

const FIRST = { url: FILM, range: "bytes=0-" };
const JUMP = { url: FILM, range: "bytes=1000-" };
const WHOLE = { url: FILM, range: null };

async function playersOf(...open: string[]) {
  const pages = { matchAll: async () => open.map((id) => ({ id, postMessage: () => undefined })) };
  const players = new Players(pages);
  await players.loaded;
  return { players, open };
}

test("while it is not known what an earlier worker did, nothing can be said", async () => {
  const { players } = await playersOf();
  assert.equal(new Players({ matchAll: async () => [] }).isOurs("page", FIRST, true), undefined);
  assert.equal(players.isOurs("page", FIRST, true), true);
});

test("what is listed is the worker's, and remains so when it is listed no more", async () => {
  const { players } = await playersOf("page");
  for (const first of [FIRST, WHOLE]) {
    assert.equal(players.isOurs("page", first, true), true);
    assert.equal(players.isOurs("page", JUMP, false), true);
  }
});

test("what was not listed when it began remains the network's, however its URL is written", async () => {
  const { players } = await playersOf("page", "other");
  assert.equal(players.isOurs("page", FIRST, false), false);
  assert.equal(players.isOurs("page", JUMP, true), false);
  assert.equal(players.isOurs("page", { ...FIRST, url: FILM.replace("film", "fil%6D") }, true), false);
  assert.equal(players.isOurs("other", FIRST, true), true, "another page's player is another");
});

test("on a page that was there before the worker, that is its own which begins before its eyes", async () => {
  const { players } = await playersOf("page");
  players.late("page", []);
  assert.equal(players.isOurs("page", JUMP, true), false);
  assert.equal(
    players.isOurs("page", FIRST, true),
    false,
    "it has begun: a player asks for its beginning again",
  );
  const other = FILM.replace("film", "other");
  assert.equal(players.isOurs("page", { ...FIRST, url: other }, true), true);
  assert.equal(players.isOurs("page", { ...JUMP, url: other }, true), true);
});

test("of what nothing is known of, a jump is left to the network when it is not listed", async () => {
  const { players } = await playersOf("page");
  assert.equal(players.isOurs("page", JUMP, false), false);
});

test("what a page says that it has begun remains the network's, from its first byte on", async () => {
  const { players } = await playersOf("page");
  players.late("page", [`${FILM}#t=10`]);
  assert.equal(players.isOurs("page", FIRST, true), false);
});

test("what the network was seen to begin is its own", async () => {
  const { players } = await playersOf("page");
  players.networkBegan("page", FIRST);
  assert.equal(players.isOurs("page", JUMP, true), false);
  const other = FILM.replace("film", "other");
  players.networkBegan("page", { ...JUMP, url: other });
  assert.equal(
    players.isOurs("page", { ...JUMP, url: other }, true),
    true,
    "an error in the middle begins nothing",
  );
});

test("what is known of pages that are gone is forgotten", async () => {
  const { players, open } = await playersOf("page", "other");
  assert.equal(players.isOurs("page", FIRST, false), false);
  await new Promise(setImmediate);
  assert.equal(players.isOurs("page", JUMP, true), false, "it is open still");
  open.shift();
  players.late("other", []);
  await new Promise(setImmediate);
  assert.equal(players.isOurs("page", JUMP, true), true);
});

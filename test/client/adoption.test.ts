import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, deferred, PIECE_BYTES, settled } from "./support/sample.ts";
import { bytesIn, FILES, FILM, openSite } from "./support/site.ts";
import { storeWith } from "./support/store-with.ts";

const PATIENT = { options: { patienceMs: 60_000, minBytesPerSecond: 1 } };
const WRONG = bytesOf(FILM.length, 99);

test("adopted bytes are the page's without a byte from the origin, and count as the store's", async (t) => {
  const { origin, visit } = await openSite(t);
  const { rivulet, of } = visit();
  await rivulet.ready;
  assert.equal(await rivulet.adopt("/film.bin", FILM), FILM.length);
  assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin")), FILM);
  assert.deepEqual(origin.log.requests("/film.bin"), []);
  assert.deepEqual([rivulet.stats.storeBytes, rivulet.stats.originBytes], [FILM.length, 0]);
  assert.ok(of("piece").every(({ source }) => source.from === "store"));
  assert.equal(of("piece").length, 9);
});

test("what one visitor adopted another gets from it", async (t) => {
  const { origin, visit } = await openSite(t);
  const first = visit();
  await first.rivulet.ready;
  const second = visit(PATIENT);
  // What it hears when they meet is that the other has nothing.
  await second.heard("peer-connected");
  await first.rivulet.adopt("/film.bin", FILM);
  // Neighbours hear of new pieces together, every 50 ms.
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.deepEqual(await bytesIn(await second.rivulet.fetch("/film.bin")), FILM);
  assert.equal(second.rivulet.stats.peerBytes, FILM.length);
  assert.deepEqual(origin.log.requests("/film.bin"), []);
});

test("of a part of a resource the whole pieces are adopted, and once", async (t) => {
  const { visit } = await openSite(t);
  const { rivulet, of } = visit();
  await rivulet.ready;
  const part = FILM.subarray(PIECE_BYTES - 5, 4 * PIECE_BYTES - 1);
  assert.equal(await rivulet.adopt("/film.bin", part, PIECE_BYTES - 5), 2 * PIECE_BYTES);
  assert.equal(await rivulet.adopt("/film.bin", part, PIECE_BYTES - 5), 0, "They are had already.");
  assert.equal(await rivulet.adopt("/film.bin", FILM.subarray(0, 9)), 0);
  const end = 8 * PIECE_BYTES;
  assert.equal(await rivulet.adopt("/film.bin", FILM.subarray(end), end), 77, "The last piece is short.");
  assert.equal(of("piece").length, 3);
});

test("two who adopt the same at once adopt it once together", async (t) => {
  const { visit } = await openSite(t);
  const { rivulet, of } = visit();
  await rivulet.ready;
  const adopted = await Promise.all([1, 2].map(() => rivulet.adopt("/film.bin", FILM)));
  assert.equal(
    adopted.reduce((sum, bytes) => sum + bytes, 0),
    FILM.length,
  );
  assert.equal(of("piece").length, 9);
});

test("wrong pieces are left out without a word, and nothing is adopted for what is not listed", async (t) => {
  const { origin, visit } = await openSite(t);
  const { rivulet, of } = visit();
  await rivulet.ready;
  const mixed = FILM.slice();
  mixed.set(WRONG.subarray(0, 9), 3 * PIECE_BYTES);
  assert.equal(await rivulet.adopt("/film.bin", mixed), FILM.length - PIECE_BYTES);
  for (const [url, bytes, offset] of [
    ["/film.bin", WRONG, 0],
    ["/film.bin", FILM, 1],
    ["/film.bin", FILM, -PIECE_BYTES],
    ["/film.bin", FILM, 1e9],
    ["/film.bin", FILM, Number.NaN],
    ["/film.bin", new Uint8Array(), 0],
    ["/film.bin?other", FILM, 0],
    ["/other.txt", bytesOf(9), 0],
    ["/empty.txt", FILM, 0],
    ["http://", FILM, 0],
  ] as const)
    assert.equal(await rivulet.adopt(url, bytes, offset), 0, `${url} from ${offset} on`);
  assert.deepEqual(of("problem"), []);
  assert.equal(rivulet.stats.wastedBytes, 0);
  assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin")), FILM);
  assert.equal(origin.log.bytes("/film.bin"), PIECE_BYTES);
});

test("the bytes stay the caller's, who may change them afterwards, or while they are being adopted", async (t) => {
  const { origin, visit } = await openSite(t);
  for (const amid of [false, true]) {
    origin.log.reset();
    const { rivulet, heard } = visit({ options: { upload: false } });
    await rivulet.ready;
    const bytes = FILM.slice();
    const adopting = rivulet.adopt("/film.bin", bytes);
    await (amid ? heard("piece") : adopting);
    bytes.fill(0);
    await adopting;
    assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin")), FILM);
    assert.ok(rivulet.stats.storeBytes > 0);
    assert.equal(origin.log.bytes("/film.bin"), FILM.length - rivulet.stats.storeBytes);
    if (!amid) assert.equal(rivulet.stats.storeBytes, FILM.length);
  }
});

test("nothing is adopted before the manifest is there, nor after the page called destroy", async (t) => {
  const { visit } = await openSite(t);
  const { rivulet } = visit();
  assert.equal(await rivulet.adopt("/film.bin", FILM), 0);
  assert.deepEqual(rivulet.unsaved(), []);
  rivulet.used("/film.bin", 0, 1);
  await rivulet.ready;
  const adopting = rivulet.adopt("/film.bin", FILM);
  await rivulet.destroy();
  assert.ok((await adopting) < FILM.length);
  assert.equal(await rivulet.adopt("/data.json", FILES["data.json"]), 0);
});

test("what the store has not confirmed is unsaved, and another page adopts all of it", async (t) => {
  const { origin, visit } = await openSite(t);
  const disk = deferred();
  const slow = storeWith({ put: () => disk.promise });
  const closing = visit({ environment: { store: async () => slow } }).rivulet;
  await closing.ready;
  await bytesIn(await closing.fetch("/film.bin"));
  const unsaved = closing.unsaved();
  assert.equal(unsaved.length, 9);
  assert.ok(unsaved.every(({ url }) => new URL(url).pathname === "/film.bin"));
  assert.deepEqual(unsaved[2]?.bytes, FILM.subarray(2 * PIECE_BYTES, 3 * PIECE_BYTES));
  disk.resolve();
  for (let turn = 0; turn < 100 && closing.unsaved().length > 0; turn++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(closing.unsaved(), []);
  await closing.destroy();
  origin.log.reset();
  const { rivulet } = visit();
  await rivulet.ready;
  const adopted = await Promise.all(
    unsaved.map(({ url, offset, bytes }) => rivulet.adopt(url, bytes, offset)),
  );
  assert.deepEqual(
    adopted,
    unsaved.map(({ bytes }) => bytes.length),
  );
  await bytesIn(await rivulet.fetch("/film.bin"));
  assert.deepEqual(origin.log.requests("/film.bin"), []);
});

test("adopting keeps to the store's pace: it waits while 8 MiB are unsaved", async (t) => {
  const bytes = new Uint8Array(12 * 1024 * 1024);
  const { visit } = await openSite(t, { "zeros.bin": bytes });
  const disk = deferred();
  const { rivulet } = visit({ environment: { store: async () => storeWith({ put: () => disk.promise }) } });
  await rivulet.ready;
  const unsavedBytes = () => rivulet.unsaved().reduce((sum, { bytes }) => sum + bytes.length, 0);
  let done = false;
  const adopting = rivulet.adopt("/zeros.bin", bytes).then((adopted) => {
    done = true;
    return adopted;
  });
  while (unsavedBytes() < 8 * 1024 * 1024) await settled();
  for (let turn = 0; turn < 50; turn++) await settled();
  assert.deepEqual([done, unsavedBytes()], [false, 8 * 1024 * 1024]);
  disk.resolve();
  assert.equal(await adopting, bytes.length);
});

test("what was used past the page's fetch is told to the store as used", async (t) => {
  const { visit } = await openSite(t);
  const touched: string[][] = [];
  const store = storeWith({ touch: (hashes) => touched.push([...hashes]) });
  const { rivulet } = visit({ environment: { store: async () => store } });
  await rivulet.ready;
  await rivulet.adopt("/film.bin", FILM);
  rivulet.used("/film.bin", PIECE_BYTES - 1, 2 * PIECE_BYTES + 1);
  rivulet.used("/other.txt", 0, 9);
  assert.deepEqual([touched.length, touched[0]?.length], [1, 3]);
  assert.equal((await store.present(touched[0] ?? [])).size, 3);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { ChangingConditions } from "./support/changing-conditions.ts";
import { bytesIn, FILM, openSite } from "./support/site.ts";
import { storeWith } from "./support/store-with.ts";

const PATIENT = { options: { patienceMs: 60_000, minBytesPerSecond: 1 } };

/** The first byte of a chunk frame; see docs/protocol.md. */
const CHUNK_CODE = 0x0a;

test("the second visitor gets from the first what the first got from the origin", async (t) => {
  const { origin, visit } = await openSite(t);
  const first = visit();
  assert.deepEqual(await bytesIn(await first.rivulet.fetch("/film.bin")), FILM);
  assert.equal(origin.log.bytes("/film.bin"), FILM.length);
  const second = visit(PATIENT);
  assert.deepEqual(await bytesIn(await second.rivulet.fetch("/film.bin")), FILM);
  assert.equal(origin.log.bytes("/film.bin"), FILM.length, "The origin sent something twice.");
  assert.deepEqual([...first.plain, ...second.plain], []);
  const { peerBytes, originBytes, offloadRatio, resources, peer, tracker } = second.rivulet.stats;
  assert.deepEqual([peerBytes, originBytes, offloadRatio, tracker], [FILM.length, 0, 1, "up"]);
  const { peer: seeder, uploadedBytes } = first.rivulet.stats;
  assert.equal(uploadedBytes, FILM.length);
  assert.deepEqual(resources[0]?.peers, { [seeder]: FILM.length });
  assert.deepEqual(
    second.rivulet.stats.peers.map((one) => [one.peer, one.downloadedBytes]),
    [[seeder, FILM.length]],
  );
  assert.deepEqual(first.of("peer-connected"), [{ peer }]);
  assert.deepEqual(second.of("peer-connected"), [{ peer: seeder }]);
  assert.equal(second.of("piece").length, 9);
  for (const piece of second.of("piece")) {
    assert.equal(piece.path, "film.bin");
    assert.deepEqual(piece.source, { from: "peer", peer: seeder });
  }
});

test("three visitors who come together share what each of them gets", async (t) => {
  const { visit } = await openSite(t);
  const visitors = [visit(), visit(), visit()];
  const bodies = await Promise.all(
    visitors.map(async ({ rivulet }) => bytesIn(await rivulet.fetch("/film.bin"))),
  );
  for (const body of bodies) assert.deepEqual(body, FILM);
});

test("when the first visitor leaves amid the film, the second one gets the rest from the origin", async (t) => {
  const { visit } = await openSite(t);
  const first = visit();
  await bytesIn(await first.rivulet.fetch("/film.bin"));
  const second = visit(PATIENT);
  const left: Promise<void>[] = [];
  second.rivulet.on("piece", () => {
    if (left.length === 0) left.push(first.rivulet.destroy());
  });
  assert.deepEqual(await bytesIn(await second.rivulet.fetch("/film.bin")), FILM);
  await Promise.all(left);
  const gone = await second.heard("peer-disconnected");
  assert.equal(gone.peer, second.of("peer-connected")[0]?.peer);
  assert.ok(gone.reason.length > 0);
});

test("a wire that changes bytes gets its peer banned, and the page the right bytes", async (t) => {
  const { network, visit } = await openSite(t);
  const first = visit();
  await bytesIn(await first.rivulet.fetch("/film.bin"));
  network.tamper = (frame) => {
    // Every chunk, the film's short last one too.
    if (frame[0] === CHUNK_CODE) frame[frame.length - 1] = (frame[frame.length - 1] ?? 0) ^ 1;
    return frame;
  };
  const second = visit(PATIENT);
  assert.deepEqual(await bytesIn(await second.rivulet.fetch("/film.bin")), FILM);
  const banned = await second.heard("peer-banned");
  assert.equal(banned.peer, first.rivulet.stats.peer);
  assert.ok(banned.reason.length > 0);
  const { wastedBytes, peerBytes } = second.rivulet.stats;
  assert.ok(wastedBytes > 0);
  assert.equal(peerBytes, 0);
});

test("what an earlier visit stored is read from there, and not asked of anybody", async (t) => {
  const { origin, visit } = await openSite(t);
  const store = storeWith({ close: async () => undefined });
  const keeping = { store: async () => store };
  const first = visit({ environment: keeping });
  await bytesIn(await first.rivulet.fetch("/film.bin"));
  await first.rivulet.destroy();
  origin.log.reset();
  const { rivulet } = visit({ environment: keeping });
  assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin")), FILM);
  assert.equal(origin.log.bytes("/film.bin"), 0);
  assert.equal(rivulet.stats.storeBytes, FILM.length);
});

test("who may not upload does not", async (t) => {
  const { origin, visit } = await openSite(t);
  const conditions = () => new ChangingConditions("no-uploads");
  const byOption = visit({ options: { upload: false } });
  const byConditions = visit({ options: { patienceMs: 0 }, environment: { conditions } });
  for (const { rivulet } of [byOption, byConditions]) await bytesIn(await rivulet.fetch("/film.bin"));
  origin.log.reset();
  const second = visit({ options: { patienceMs: 100 } });
  assert.deepEqual(await bytesIn(await second.rivulet.fetch("/film.bin")), FILM);
  assert.equal(second.rivulet.stats.peerBytes, 0);
  assert.equal(byOption.rivulet.stats.uploadedBytes + byConditions.rivulet.stats.uploadedBytes, 0);
});

test("without an answer from the tracker everything comes from the origin, verified", async (t) => {
  const { network, visit } = await openSite(t);
  network.trackerAnswers = false;
  const { rivulet, plain } = visit();
  assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin")), FILM);
  assert.deepEqual(plain, []);
  assert.deepEqual([rivulet.stats.tracker, rivulet.stats.originBytes], ["connecting", FILM.length]);
});

test("a tracker whose link opens in time has as long to welcome as to answer an announce", async (t) => {
  const { origin, network, visit } = await openSite(t);
  const first = visit();
  await bytesIn(await first.rivulet.fetch("/film.bin"));
  origin.log.reset();
  // The manifest takes 200 ms, so the grace ends about 500 ms after the start, or 950 ms when the link opens at 450.
  origin.pace.latencyMs = 200;
  network.reachedAfterMs = 450;
  network.welcomeAfterMs = 850;
  const second = visit();
  assert.deepEqual(await bytesIn(await second.rivulet.fetch("/film.bin")), FILM);
  assert.deepEqual(origin.log.requests("/film.bin"), []);
});

test("a visitor who knows one other is introduced to the third by it, with the tracker gone", async (t) => {
  const { network, visit } = await openSite(t);
  const [first, second] = [visit(), visit()];
  for (const { rivulet } of [first, second]) await bytesIn(await rivulet.fetch("/film.bin"));
  await second.heard("peer-connected");
  const middle = second.rivulet.stats.peer;
  network.handsOut = (peer) => peer === middle;
  const third = visit();
  await third.heard("peer-connected");
  network.vanish();
  for (let turn = 0; turn < 200 && third.of("peer-connected").length < 2; turn++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(
    third.of("peer-connected").map(({ peer }) => peer),
    [middle, first.rivulet.stats.peer],
  );
});

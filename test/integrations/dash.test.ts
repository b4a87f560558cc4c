import assert from "node:assert/strict";
import { test } from "node:test";
import type { MediaPlayerClass } from "dashjs";
import { rivuletDash } from "#sdk/integrations/dash.ts";
import { Attempt, FakeDashPlayer, fragmentOf } from "./support/dash-fakes.ts";
import { FakeSource, mediaAt, settled, timersOpen } from "./support/segment-fakes.ts";

const URL = "https://cdn.example/film/7.m4s";
const MEDIA = Uint8Array.of(1, 2, 3, 4, 5, 6);

/** A player that loads through a Rivulet. */
function attached() {
  const player = new FakeDashPlayer();
  const source = new FakeSource();
  const detach = rivuletDash(player, source);
  return { player, source, detach, loader: player.loader() };
}

/** dash.js's own declarations fit: this need only compile. */
export const fits = (player: MediaPlayerClass) => rivuletDash(player, new FakeSource());

test("segments, heads and indexes come through Rivulet, and what else a player asks for comes as it would without", () => {
  const { player, source, loader } = attached();
  const segments = ["MediaSegment", "InitializationSegment", "IndexSegment", "BitstreamSwitchingSegment"];
  for (const type of segments) {
    const { request, response } = new Attempt(URL, {}, fragmentOf({ type }));
    loader.load(request, response);
  }
  assert.equal(source.asked.length, 4);
  const others = [
    "MPD",
    "XLinkExpansion",
    "license",
    "ContentSteering",
    "other",
    "FragmentInfoSegment",
    null,
  ];
  for (const type of others) {
    const { request, response } = new Attempt(`${type}`, {}, fragmentOf({ type }));
    loader.load(request, response);
  }
  assert.deepEqual(player.plain, others.map(String));
  assert.equal(source.asked.length, 4);
});

test("an event's callback, a HEAD and a POST are left to dash.js", () => {
  const { player, source, loader } = attached();
  const { request, response } = new Attempt(URL);
  loader.load({ ...request, customData: {} }, response);
  loader.load({ ...request, method: "HEAD" }, response);
  loader.load({ ...request, method: "POST" }, response);
  loader.load({ ...request, responseType: "" }, response);
  assert.deepEqual(player.plain, [URL, URL, URL, URL]);
  assert.equal(source.asked.length, 0);
});

test("a player without Rivulet on the same page loads as ever", () => {
  const { source } = attached();
  const other = new FakeDashPlayer();
  const { request, response } = new Attempt(URL);
  other.loader().load(request, response);
  assert.deepEqual(other.plain, [URL]);
  assert.equal(source.asked.length, 0);
});

test("detaching hands what is under way over to dash.js, without a word, and leaves nothing behind", async () => {
  const before = timersOpen();
  const { player, source, detach, loader } = attached();
  const attempts = [new Attempt("a:1", { timeout: 20_000 }), new Attempt("a:2", { timeout: 20_000 })];
  for (const { request, response } of attempts) loader.load(request, response);
  await source.last.answer();
  await source.last.send(MEDIA);
  assert.equal(source.open, 2);
  detach();
  detach();
  assert.equal(source.open, 0);
  assert.equal(timersOpen(), before);
  assert.deepEqual(player.plain, ["a:1", "a:2"]);
  await settled();
  for (const { told, response } of attempts) {
    assert.deepEqual(told, []);
    assert.deepEqual([response.status, response.data], [0, null]);
  }
  const { request, response } = new Attempt(URL);
  loader.load(request, response);
  player.loader().load(request, response);
  loader.abort();
  assert.deepEqual(player.plain.slice(2), [URL, URL]);
  assert.deepEqual(player.told, ["abort"]);
});

test("attaching twice is refused; a detached player can be attached anew, though dash.js extends it but once", () => {
  const { player, detach, loader } = attached();
  const source = new FakeSource();
  assert.throws(() => rivuletDash(player, source), { code: "bad-option" });
  detach();
  const detachAnew = rivuletDash(player, source);
  const { request, response } = new Attempt(URL);
  loader.load(request, response);
  assert.equal(source.asked.length, 1);
  detach();
  assert.equal(source.open, 1, "the first detach is spent");
  detachAnew();
  assert.equal(source.open, 0);
});

test("aborting a loader aborts its own requests and no other's, and the loader that dash.js made", async () => {
  const { player, source, loader } = attached();
  const [first, second, other] = [new Attempt("a:1"), new Attempt("a:2"), new Attempt("a:3")];
  for (const { request, response } of [first, second]) loader.load(request, response);
  player.loader().load(other.request, other.response);
  loader.abort(first.request);
  assert.deepEqual([first.told, second.told, other.told], [["abort"], [], []]);
  assert.deepEqual(player.told, []);
  loader.abort(new Attempt("a:4").request);
  assert.deepEqual(player.told, ["abort a:4"]);
  assert.deepEqual(second.told, [], "that was another's");
  loader.abort();
  assert.deepEqual([first.told, second.told, other.told], [["abort"], ["abort"], []]);
  assert.deepEqual(player.told, ["abort a:4", "abort"]);
  assert.equal(source.open, 1);
});

test("a load that has ended is neither aborted nor loaded anew", async () => {
  const { player, source, loader, detach } = attached();
  const { request, response, told } = new Attempt(URL);
  loader.load(request, response);
  await source.last.give(MEDIA);
  loader.abort(request);
  loader.abort();
  assert.deepEqual(told, ["loadend"]);
  assert.deepEqual(player.told, [`abort ${URL}`, "abort"], "it is for dash.js to know");
  detach();
  assert.deepEqual(player.plain, []);
});

for (const method of ["reset", "resetInitialSettings"] as const) {
  test(`${method} ends the requests of a loader and of the one that dash.js made`, async () => {
    const { player, source, loader } = attached();
    const { request, response } = new Attempt(URL);
    loader.load(request, response);
    loader[method]();
    assert.equal(source.open, 0);
    assert.deepEqual(player.told, [method]);
    await settled();
  });
}

test("a segment is due when playback reaches its start, as far as its own kind is buffered", () => {
  const { player, source, loader } = attached();
  const due = (fragment: Parameters<typeof fragmentOf>[0]) => {
    const { request, response } = new Attempt(URL, {}, fragmentOf(fragment));
    loader.load(request, response);
    return source.last.init.playback?.dueInMs;
  };
  player.media = mediaAt(10);
  player.buffered = { video: 6 };
  assert.equal(due({ startTime: 16 }), 6000, "the picture is there up to 16 s");
  assert.equal(due({ startTime: 16, mediaType: "audio" }), 0, "the sound is not");
  player.media = mediaAt(10, [9, 12]);
  assert.equal(due({ startTime: 12, mediaType: "text" }), 2000, "by what is buffered in the element");
  assert.equal(due({ startTime: 12, mediaType: null }), 2000);
  assert.equal(
    due({ startTime: 16, isPartialSegmentRequest: true }),
    0,
    "a part at the live edge is never early",
  );
  assert.equal(due({ startTime: Number.NaN, type: "InitializationSegment" }), 0, "the head of a stream");
  player.media = undefined;
  assert.equal(due({ startTime: 16 }), 0, "no element");
});

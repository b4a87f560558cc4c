import assert from "node:assert/strict";
import { test } from "node:test";
import type shaka from "shaka-player";
import { rivuletShaka } from "#sdk/integrations/shaka.ts";
import type { ShakaPlugin, ShakaRequestFilter } from "#sdk/integrations/shaka-api.ts";
import { FakeSource, mediaAt, settled, timersOpen } from "./support/segment-fakes.ts";
import {
  APPLICATION,
  CODES,
  FakePlayer,
  FakeShaka,
  operation,
  requestOf,
  responseOf,
} from "./support/shaka-fakes.ts";

const URI = "https://cdn.example/film/7.m4s";
const MEDIA = Uint8Array.of(1, 2, 3, 4, 5, 6);

/** A player that loads through a Rivulet. */
function attached() {
  const library = new FakeShaka();
  const player = new FakePlayer(library);
  const source = new FakeSource();
  const detach = rivuletShaka(player, source, library);
  return { library, player, source, detach };
}

/** What Shaka calls the context of a media segment's request. */
const segmentAt = (seconds: number, type = "video", isPartial = false) => ({
  segment: { getStartTime: () => seconds, isPartial: () => isPartial },
  stream: { type },
});

/** Shaka's own declarations fit: this need only compile. */
export const fits = (player: shaka.Player, library: typeof shaka) =>
  rivuletShaka(player, new FakeSource(), library);

test("a segment comes through Rivulet, and what else a player asks for comes as it would without", async () => {
  const { library, player, source } = attached();
  // Manifest, license, app, timing, certificate and key.
  for (const type of [0, 2, 3, 4, 5, 6])
    await player.request([`https://cdn.example/${type}`], { type }).promise;
  assert.equal(source.asked.length, 0);
  assert.equal(library.plain.length, 6);
  const { promise } = player.request([URI]);
  await settled();
  assert.equal(source.last.url, URI);
  await source.last.give(MEDIA);
  assert.deepEqual([...new Uint8Array((await promise).data)], [...MEDIA]);
  assert.equal(library.plain.length, 6);
});

test("what a filter of the page turned into something else than a GET is left to Shaka", async () => {
  const { library, player, source } = attached();
  await player.request([URI], { more: { method: "HEAD" } }).promise;
  await player.request([URI], { more: { body: new ArrayBuffer(1) } }).promise;
  assert.deepEqual(library.plain, [`fetch ${URI}`, `fetch ${URI}`]);
  assert.equal(source.asked.length, 0);
});

test("a player without Rivulet on the same page is served by the library's own plugin, with its own filters", async () => {
  const { library, source } = attached();
  const other = new FakePlayer(library);
  await other.request([URI]).promise;
  assert.deepEqual(library.plain, [`fetch ${URI}`]);
  assert.equal(source.asked.length, 0);
  assert.equal(other.requestFilters.size + other.responseFilters.size, 0);
});

test("two players with a Rivulet each do not mix them up, and one goes on when the other is detached", async () => {
  const { library, player, source, detach } = attached();
  const other = { player: new FakePlayer(library), source: new FakeSource() };
  const detachOther = rivuletShaka(other.player, other.source, library);
  detach();
  other.player.request([URI]);
  await player.request(["https://cdn.example/8.m4s"]).promise;
  assert.deepEqual(library.plain, ["fetch https://cdn.example/8.m4s"]);
  assert.deepEqual([source.asked.length, other.source.asked.length], [0, 1]);
  detachOther();
});

for (const hasFetch of [true, false]) {
  test(`the last detach gives ${hasFetch ? "fetch" : "XMLHttpRequest"} its place back, and leaves no filter`, () => {
    const library = new FakeShaka({ hasFetch });
    const { HttpFetchPlugin, HttpXHRPlugin } = library.net;
    const own = hasFetch ? HttpFetchPlugin.parse : HttpXHRPlugin.parse;
    const players = [new FakePlayer(library), new FakePlayer(library)];
    const detaches = players.map((player) => rivuletShaka(player, new FakeSource(), library));
    const plugins = () => [...library.schemes.values()].map(({ plugin }) => plugin);
    detaches[0]?.();
    detaches[0]?.();
    assert.ok(plugins().every((plugin) => plugin !== own));
    detaches[1]?.();
    assert.deepEqual(plugins(), [own, own]);
    assert.ok([...library.schemes.values()].every(({ progressSupport }) => progressSupport));
    for (const { requestFilters, responseFilters } of players)
      assert.equal(requestFilters.size + responseFilters.size, 0);
  });
}

test("a page's own plugin for http stays, and the console says once that Rivulet is not asked", async (t) => {
  const said = t.mock.method(console, "error", () => {});
  const library = new FakeShaka();
  let calls = 0;
  const own: ShakaPlugin = (uri, request) => {
    calls++;
    return operation(Promise.resolve(responseOf(uri, request)));
  };
  library.net.NetworkingEngine.registerScheme("https", own, APPLICATION, true);
  const player = new FakePlayer(library);
  const detach = rivuletShaka(player, new FakeSource(), library);
  await player.request([URI]).promise;
  await player.request([URI]).promise;
  await player.request(["https://cdn.example/film.mpd"], { type: 0 }).promise;
  detach();
  await player.request([URI]).promise;
  assert.equal(calls, 4);
  assert.equal(said.mock.callCount(), 1);
  assert.match(String(said.mock.calls[0]?.arguments[0]), /plugin of its own/);
});

test("a failed segment is asked for again by Shaka's rules, of the next location, and through Rivulet", async () => {
  const { library, player, source } = attached();
  const { promise } = player.request([URI, "https://other.example/7.m4s"], { attempts: 3 });
  await settled();
  await source.last.fail(new TypeError("Failed to fetch"));
  assert.equal(source.last.url, "https://other.example/7.m4s");
  await source.last.answer({ status: 503 });
  await source.last.end();
  assert.equal(source.asked.length, 3);
  await source.last.give(MEDIA);
  const { uri, originalUri } = await promise;
  assert.deepEqual([uri, originalUri], [URI, URI]);
  assert.deepEqual(library.plain, []);
});

test("detaching hands what is under way over to Shaka, without an error, and leaves nothing behind", async () => {
  const before = timersOpen();
  const { library, player, source, detach } = attached();
  const more = { retryParameters: { timeout: 30_000 } };
  const requests = [player.request([URI], { more }), player.request([URI], { more })];
  await settled();
  await source.last.answer();
  await source.last.send(MEDIA);
  assert.equal(source.open, 2);
  detach();
  assert.equal(source.open, 0);
  assert.equal(timersOpen(), before);
  assert.deepEqual(library.plain, [`fetch ${URI}`, `fetch ${URI}`]);
  const responses = await Promise.all(requests.map(({ promise }) => promise));
  assert.deepEqual(
    responses.map(({ data }) => data.byteLength),
    [0, 0],
    "what Shaka loaded",
  );
  assert.deepEqual(library.aborted, []);
});

test("a request that was handed over can still be aborted", async () => {
  const { library, player, source, detach } = attached();
  const { operation } = player.request([URI]);
  detach();
  await operation?.abort();
  assert.deepEqual(library.aborted, [URI]);
  assert.equal(source.open, 0);
});

test("a request of which the player has a part already is asked for again by Shaka's rules", async () => {
  const { library, player, source, detach } = attached();
  const more = { streamDataCallback: async () => {} };
  const { promise } = player.request([URI], { more, attempts: 2 });
  await source.last.answer();
  await source.last.send(MEDIA);
  detach();
  assert.deepEqual(library.plain, []);
  await promise;
  assert.deepEqual(library.plain, [`fetch ${URI}`]);
  const once = attached();
  const failed = once.player.request([URI], { more });
  await once.source.last.answer();
  await once.source.last.send(MEDIA);
  once.detach();
  await assert.rejects(failed.promise, { code: CODES.HTTP_ERROR, severity: 1 });
});

test("a copy of the filter in a preloaded stream asks nothing of a Rivulet that was detached", async () => {
  const { library, player, source, detach } = attached();
  const [filter] = player.requestFilters as Set<ShakaRequestFilter>;
  const ahead = new FakePlayer(library);
  if (filter) ahead.requestFilters.add(filter);
  ahead.request([URI]);
  assert.equal(source.asked.length, 1);
  detach();
  await ahead.request([URI]).promise;
  assert.equal(source.asked.length, 1);
});

test("a request that was marked before a detach is not made of Rivulet after it", async () => {
  const { library, player, source, detach } = attached();
  const request = requestOf();
  for (const filter of player.requestFilters) filter(1, request);
  const plugin = library.schemes.get("https")?.plugin;
  detach();
  await plugin?.(
    URI,
    request,
    1,
    () => {},
    () => {},
  ).promise;
  assert.equal(source.asked.length, 0);
  assert.deepEqual(library.plain, [`fetch ${URI}`]);
});

test("attaching twice, and to a player that was destroyed, is refused; attaching anew is not", () => {
  const { library, player, detach } = attached();
  assert.throws(() => rivuletShaka(player, new FakeSource(), library), { code: "bad-option" });
  detach();
  rivuletShaka(player, new FakeSource(), library)();
  player.isDestroyed = true;
  assert.throws(() => rivuletShaka(player, new FakeSource(), library), { code: "bad-option" });
});

test("the library is window.shaka unless it is passed; where there is none, the error says what to do", (t) => {
  const library = new FakeShaka();
  const player = new FakePlayer(library);
  assert.throws(() => rivuletShaka(player, new FakeSource()), {
    code: "bad-option",
    message: /third argument/,
  });
  Object.assign(globalThis, { shaka: library });
  t.after(() => Reflect.deleteProperty(globalThis, "shaka"));
  rivuletShaka(player, new FakeSource())();
});

test("a segment is due when playback reaches its start, as far as its own kind is buffered", async () => {
  const { player, source } = attached();
  const due = (context?: ReturnType<typeof segmentAt>) => {
    player.request([URI], context ? { context } : {});
    return source.last.init.playback?.dueInMs;
  };
  player.media = mediaAt(10);
  player.buffered = { video: [{ start: 8, end: 16 }], audio: [] };
  assert.equal(due(segmentAt(16)), 6000, "the picture is there up to 16 s");
  assert.equal(due(segmentAt(16, "audio")), 0, "the sound is not");
  assert.equal(due(segmentAt(16, "text")), 0, "nothing is buffered in the element");
  player.buffered = { video: [], audio: [{ start: 8, end: 16 }] };
  assert.equal(due(segmentAt(16, "audio")), 6000, "the sound is there up to 16 s");
  player.media = mediaAt(10, [9, 12]);
  assert.equal(due(segmentAt(12, "text")), 2000);
  assert.equal(due(segmentAt(16, "video", true)), 0, "a part at the live edge is never early");
  assert.equal(due(), 0, "the head of a stream");
  player.media = null;
  assert.equal(due(segmentAt(16)), 0, "no element");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import type { RivuletEvents } from "#sdk/client/events.ts";
import { statsOf } from "#sdk/client/state.ts";
import { deferred } from "../../client/support/sample.ts";
import { bytesIn } from "../../client/support/site.ts";
import { FILM, FILM_BYTES, openBrowser, until } from "./support/browser.ts";

const A_STATS = { ...statsOf({ state: "starting" }), peerBytes: 700, tracker: "up" } as const;

test("the first tab leads, and a second one asks it, byte for byte", async (t) => {
  const { open, engines, onLead } = openBrowser(t);
  const leader = open();
  await leader.ready;
  const follower = open();
  await follower.ready;
  assert.deepEqual([leader.role, follower.role], ["leader", "follower"]);
  assert.equal(onLead.length, 1);
  const own = await leader.fetch("/film.bin");
  const relayed = await follower.fetch("/film.bin");
  assert.equal(relayed.status, 200);
  assert.equal(relayed.url, FILM);
  assert.deepEqual(Object.fromEntries(relayed.headers), Object.fromEntries(own.headers));
  assert.deepEqual(await bytesIn(relayed), FILM_BYTES);
  assert.deepEqual(await bytesIn(own), FILM_BYTES);
  assert.equal(engines.length, 1);
});

test("a follower's Range is the leader's answer, with its status and its place", async (t) => {
  const { open, engines } = openBrowser(t);
  open();
  const follower = open();
  const ranged = (range: string) => follower.fetch("/film.bin", { headers: { range } });
  const part = await ranged("bytes=4000-9999");
  assert.deepEqual([part.status, part.statusText], [206, "Partial Content"]);
  assert.equal(part.headers.get("content-range"), "bytes 4000-9999/12345");
  assert.deepEqual(await bytesIn(part), FILM_BYTES.slice(4000, 10_000));
  assert.deepEqual(await bytesIn(await ranged("bytes=-45")), FILM_BYTES.slice(12_300));
  const none = await ranged("bytes=99999-");
  assert.deepEqual([none.status, none.statusText], [416, "Range Not Satisfiable"]);
  assert.equal((await bytesIn(none)).byteLength, 0);
  assert.deepEqual(
    engines[0]?.asked.map(([, range]) => range),
    ["bytes=4000-9999", "bytes=-45", "bytes=99999-"],
  );
});

test("an answer of no bytes is one", async (t) => {
  const browser = openBrowser(t);
  browser.next.files = new Map([[FILM, new Uint8Array()]]);
  browser.open();
  const answer = await browser.open().fetch("/film.bin");
  assert.deepEqual([answer.status, (await bytesIn(answer)).byteLength], [200, 0]);
  assert.deepEqual(browser.plain, []);
});

test("what a player knows reaches the leader's engine, and what is not listed is the page's own fetch", async (t) => {
  const { open, engines, plain } = openBrowser(t);
  open();
  const follower = open();
  await bytesIn(await follower.fetch("/film.bin", { playback: { dueInMs: 500 } }));
  assert.deepEqual(engines[0]?.inits[0]?.playback, { dueInMs: 500 });
  assert.equal(await (await follower.fetch("/other.txt")).text(), "the origin's own");
  assert.equal(await (await follower.fetch("/film.bin", { method: "POST" })).text(), "the origin's own");
  assert.deepEqual(plain, ["/other.txt", "/film.bin"]);
  assert.equal(engines[0]?.asked.length, 2);
});

test("a follower knows what is listed, however its URL is written", async (t) => {
  const { open } = openBrowser(t);
  const leader = open();
  const follower = open();
  await follower.ready;
  for (const tab of [leader, follower]) {
    assert.equal(tab.sizeOf("/film.bin"), FILM_BYTES.length);
    assert.equal(tab.sizeOf("fil%6D.bin#t=10"), FILM_BYTES.length);
    assert.equal(tab.lists(FILM), true);
    assert.equal(tab.lists("/film.bin?other"), false);
    assert.equal(tab.lists("https://"), false);
  }
});

test("a follower's figures, state and line are the leader's", async (t) => {
  const { open, engines } = openBrowser(t);
  open();
  const follower = open();
  assert.equal(follower.state, "starting");
  assert.equal(follower.stats.tracker, "connecting");
  await follower.ready;
  assert.equal(follower.state, "running");
  const [engine] = engines;
  assert.ok(engine);
  engine.stats = A_STATS;
  engine.line = { bytesPerSecond: 5000, firstByteMs: 20 };
  await until(() => follower.stats.peerBytes > 0);
  assert.deepEqual(follower.stats, A_STATS);
  assert.deepEqual(follower.line, engine.line);
});

test("events reach followers, each once, whether they listened before there was a leader or after", async (t) => {
  const { open, engines } = openBrowser(t);
  const heard: string[] = [];
  const listen = (tab: ReturnType<typeof open>, who: string) =>
    tab.on("piece", ({ path }) => heard.push(`${who} ${path}`));
  listen(open(), "leader");
  const early = open();
  listen(early, "early");
  await early.ready;
  const late = open();
  await late.ready;
  listen(late, "late");
  const [engine] = engines;
  assert.ok(engine);
  await until(() => engine.listeners.get("piece") === 3);
  engine.emitter.emit("piece", { path: "a", bytes: 1, source: { from: "store" } });
  await until(() => heard.length >= 3);
  assert.deepEqual(heard.sort(), ["early a", "late a", "leader a"]);
});

test("a follower that greets twice, as one does that came while the leader began, hears each event once", async (t) => {
  const browser = openBrowser(t);
  browser.open();
  const follower = browser.open();
  const heard: string[] = [];
  follower.on("piece", ({ path }) => heard.push(path));
  await follower.ready;
  const [engine] = browser.engines;
  assert.ok(engine);
  await until(() => engine.listeners.get("piece") === 1);
  const room = new BroadcastChannel(browser.room);
  t.after(() => room.close());
  const greetings: unknown[] = [];
  room.onmessage = ({ data }) => greetings.push(data);
  room.postMessage({ type: "leading" });
  // The tab that leads already answers, and it listens once more.
  await until(() => greetings.length > 0);
  await until(() => follower.state === "running");
  assert.deepEqual(await bytesIn(await follower.fetch("/film.bin")), FILM_BYTES);
  assert.equal(engine.listeners.get("piece"), 1);
  engine.emitter.emit("piece", { path: "a", bytes: 1, source: { from: "store" } });
  await until(() => heard.length > 0);
  assert.deepEqual(heard, ["a"]);
});

test("a problem reaches followers as an error with its code", async (t) => {
  const browser = openBrowser(t);
  browser.next.starts = false;
  browser.open();
  const follower = browser.open();
  const problems: RivuletEvents["problem"][] = [];
  follower.on("problem", (problem) => problems.push(problem));
  await until(() => browser.engines.length > 0);
  const [engine] = browser.engines;
  assert.ok(engine);
  await until(() => engine.emitter.has("problem"));
  engine.fail(new RivuletError("manifest-unreachable", "Serve it."));
  await assert.rejects(follower.ready, (error) => {
    assert.ok(error instanceof RivuletError);
    assert.deepEqual([error.code, error.message], ["manifest-unreachable", "Serve it."]);
    return true;
  });
  await until(() => problems.length > 0);
  assert.ok(problems[0] instanceof RivuletError);
  assert.deepEqual([problems[0].code, problems[0].message], ["manifest-unreachable", "Serve it."]);
  assert.equal(follower.state, "origin-only");
  assert.equal(follower.error?.code, "manifest-unreachable");
  assert.equal(await (await follower.fetch("/film.bin")).text(), "the origin's own");
});

test("followers that wait for a first leader are answered by it", async (t) => {
  const browser = openBrowser(t);
  browser.next.starts = false;
  browser.open();
  const follower = browser.open();
  const fetching = follower.fetch("/film.bin");
  await until(() => browser.engines.length > 0);
  browser.engines[0]?.start();
  assert.deepEqual(await bytesIn(await fetching), FILM_BYTES);
  assert.deepEqual(browser.plain, []);
});

test("media that is needed soon does not wait for a leader that is slow to start", async (t) => {
  const browser = openBrowser(t);
  browser.next.starts = false;
  browser.open();
  const follower = browser.open();
  const answer = await follower.fetch("/film.bin", { playback: { dueInMs: 0 } });
  assert.equal(await answer.text(), "the origin's own");
});

test("an aborted fetch of a follower fails at once with its reason, and the leader stops", async (t) => {
  const browser = openBrowser(t);
  const { open, engines } = browser;
  open();
  const follower = open();
  await follower.ready;
  const [engine] = engines;
  assert.ok(engine);
  const reason = new Error("The visitor went on.");

  const early = new AbortController();
  const answer = deferred<Response>();
  engine.fetchListed = (_url, init) => {
    engine.inits.push(init);
    return answer.promise;
  };
  const waiting = follower.fetch("/film.bin", { signal: early.signal });
  await until(() => engine.inits.length > 0);
  early.abort(reason);
  await assert.rejects(waiting, reason);
  assert.equal(engine.inits[0]?.signal?.aborted, false);
  answer.resolve(new Response(new ReadableStream()));
  await until(() => engine.inits[0]?.signal?.aborted === true);

  Reflect.deleteProperty(engine, "fetchListed");
  engine.stopsAt = 5000;
  const late = new AbortController();
  const begun = await follower.fetch("/film.bin", { signal: late.signal });
  late.abort(reason);
  await assert.rejects(begun.arrayBuffer(), reason);
  await until(() => engine.inits[1]?.signal?.aborted === true);
  await assert.rejects(follower.fetch("/film.bin", { signal: late.signal }), reason);
});

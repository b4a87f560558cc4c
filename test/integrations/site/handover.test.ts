import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesIn } from "../../client/support/site.ts";
import { type FakeBrowser, FILM, FILM_BYTES, openBrowser, until } from "./support/browser.ts";
import type { FakeEngine } from "./support/fake-engine.ts";

/** A leader whose bodies stand still at so many bytes, and tabs that follow it. */
async function withFollowers(browser: FakeBrowser, count: number, stopsAt = Number.POSITIVE_INFINITY) {
  const leader = browser.open();
  await leader.ready;
  const followers = Array.from({ length: count }, () => browser.open());
  await Promise.all(followers.map(({ ready }) => ready));
  const [engine] = browser.engines as [FakeEngine];
  engine.stopsAt = stopsAt;
  return { leader, followers, engine };
}

test("when the leader closes, the tab that came next leads, and the others follow it", async (t) => {
  const browser = openBrowser(t);
  const { leader, followers, engine } = await withFollowers(browser, 2);
  const [next, last] = followers;
  await leader.destroy();
  assert.equal(engine.state, "destroyed");
  assert.equal(browser.onLead[0]?.over, true);
  await until(() => browser.engines.length === 2);
  assert.deepEqual(await bytesIn(await (last?.fetch("/film.bin") ?? assert.fail())), FILM_BYTES);
  assert.deepEqual([next?.role, last?.role], ["leader", "follower"]);
  assert.equal(browser.engines[1]?.asked.length, 1);
  assert.deepEqual(browser.plain, []);
});

test("what the leader had verified and not saved is the next one's, once it runs", async (t) => {
  const browser = openBrowser(t);
  const { leader, engine } = await withFollowers(browser, 1);
  const pieces = [
    { url: FILM, offset: 0, bytes: FILM_BYTES.slice(0, 100) },
    { url: FILM, offset: 4000, bytes: FILM_BYTES.slice(4000, 4100) },
  ];
  engine.unsavedPieces = pieces;
  browser.next.starts = false;
  await leader.destroy();
  await until(() => browser.engines.length === 2);
  const [, next] = browser.engines;
  assert.deepEqual(next?.adopted, []);
  next?.start();
  await until(() => next?.adopted.length === 2);
  assert.deepEqual(
    next?.adopted,
    pieces.map(({ url, offset, bytes }) => [url, offset, bytes]),
  );
});

test("what one leader left is not the second next one's", async (t) => {
  const browser = openBrowser(t);
  const { leader, followers, engine } = await withFollowers(browser, 2);
  engine.unsavedPieces = [{ url: FILM, offset: 0, bytes: FILM_BYTES.slice(0, 100) }];
  await leader.destroy();
  await until(() => browser.engines[1]?.adopted.length === 1);
  await followers[0]?.destroy();
  await until(() => browser.engines.length === 3);
  await followers[1]?.fetch("/film.bin");
  assert.deepEqual(browser.engines[2]?.adopted, []);
});

for (const [who, reads] of [
  ["the tab that leads next", 0],
  ["a tab that follows on", 1],
] as const)
  test(`a body of ${who} goes on where the leader left it`, async (t) => {
    const browser = openBrowser(t);
    const { leader, followers } = await withFollowers(browser, 2, 5000);
    const answer = await (followers[reads]?.fetch("/film.bin", { headers: { range: "bytes=100-" } }) ??
      assert.fail());
    const reading = bytesIn(answer);
    await until(() => browser.engines[0]?.asked.length === 1);
    await leader.destroy();
    assert.deepEqual(await reading, FILM_BYTES.slice(100));
    // The first 5,000 bytes of its body were sent before it closed; how many of them were read by then varies.
    assert.equal(browser.engines[1]?.asked.length, 1);
    const [url, range] = browser.engines[1]?.asked[0] ?? [];
    assert.equal(url, FILM);
    const [, start] = /^bytes=(\d+)-12344$/.exec(range ?? "") ?? [];
    assert.ok(Number(start) >= 100 && Number(start) <= 5100 && Number(start) % 1000 === 100, `${range}`);
    assert.deepEqual(browser.plain, []);
  });

test("a fetch that the leader took and did not answer is the next one's", async (t) => {
  const browser = openBrowser(t);
  const { leader, followers, engine } = await withFollowers(browser, 2);
  let taken = false;
  engine.fetchListed = () => {
    taken = true;
    return new Promise(() => undefined);
  };
  const fetching = followers[1]?.fetch("/film.bin") ?? assert.fail();
  await until(() => taken);
  await leader.destroy();
  assert.deepEqual(await bytesIn(await fetching), FILM_BYTES);
  assert.equal(browser.engines[1]?.asked.length, 1);
});

test("the rest of a body is as urgent as its beginning, and can be aborted as well", async (t) => {
  const browser = openBrowser(t);
  const { leader, followers } = await withFollowers(browser, 1, 5000);
  const abort = new AbortController();
  const playback = { dueInMs: 30_000 };
  const answer = await (followers[0]?.fetch("/film.bin", { signal: abort.signal, playback }) ??
    assert.fail());
  const reader = answer.body?.getReader() ?? assert.fail();
  await reader.read();
  await leader.destroy();
  browser.next.starts = true;
  await until(() => browser.engines.length === 2);
  for (let bytes = 1000; bytes < 6000; bytes += 1000) await reader.read();
  const [init] = browser.engines[1]?.inits ?? [];
  assert.deepEqual(init?.playback, playback);
  const reason = new Error("The visitor went on.");
  abort.abort(reason);
  await assert.rejects(reader.read(), reason);
  assert.equal(init?.signal?.aborted, true);
});

test("a body of one deployment does not go on with another's", async (t) => {
  const browser = openBrowser(t);
  const { leader, followers } = await withFollowers(browser, 1, 5000);
  const answer = await (followers[0]?.fetch("/film.bin") ?? assert.fail());
  const reader = answer.body?.getReader() ?? assert.fail();
  const { value } = await reader.read();
  assert.deepEqual(value, FILM_BYTES.slice(0, 1000));
  browser.next.version = 2;
  await leader.destroy();
  const rest = (async () => {
    let bytes = 1000;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return assert.fail(`It ended after ${bytes} bytes.`);
      assert.deepEqual(value, FILM_BYTES.slice(bytes, bytes + value.byteLength));
      bytes += value.byteLength;
      assert.ok(bytes <= 5000, "Bytes came from the other deployment.");
    }
  })();
  await assert.rejects(rest, /The leading tab is gone/);
});

test("a leader whose engine cannot run answers nobody, and a body that was on its way fails", async (t) => {
  const browser = openBrowser(t);
  const { leader, followers } = await withFollowers(browser, 2, 5000);
  const answer = await (followers[1]?.fetch("/film.bin") ?? assert.fail());
  browser.next.starts = false;
  await leader.destroy();
  await until(() => browser.engines.length === 2);
  const { RivuletError } = await import("#sdk/base/errors.ts");
  browser.engines[1]?.fail(new RivuletError("manifest-unreachable", "Serve it."));
  await assert.rejects(bytesIn(answer));
  assert.equal(await (await (followers[1]?.fetch("/film.bin") ?? assert.fail())).text(), "the origin's own");
});

test("an engine's script that does not come leaves the page to the origin, and the next tab leads", async (t) => {
  const browser = openBrowser(t);
  const broken = browser.open({ loadEngine: () => Promise.reject(new TypeError("404")) });
  const fetching = broken.fetch("/film.bin");
  const next = browser.open();
  await assert.rejects(broken.ready, { code: "unsupported-browser", message: /serve rivulet-engine\.js/ });
  assert.equal(await (await fetching).text(), "the origin's own");
  assert.deepEqual(
    [broken.state, broken.error?.code, broken.role],
    ["origin-only", "unsupported-browser", undefined],
  );
  await next.ready;
  assert.equal(next.role, "leader");
  assert.deepEqual(await bytesIn(await next.fetch("/film.bin")), FILM_BYTES);
});

test("a leader of an earlier deployment stands down for a tab that comes later, and follows it", async (t) => {
  const browser = openBrowser(t);
  const { leader, engine, followers } = await withFollowers(browser, 1);
  const [newcomer, between] = [() => browser.open(), followers[0] ?? assert.fail()];
  engine.current = false;
  // It was current a moment ago, which is believed.
  await newcomer().ready;
  assert.equal(leader.role, "leader");

  const { now } = Date;
  t.mock.method(Date, "now", () => now() + 60_000);
  const begun = await leader.fetch("/film.bin");
  browser.next.version = 2;
  const late = newcomer();
  await until(() => browser.engines.length === 2);
  await Promise.all([late.ready, until(() => leader.role === "follower" && leader.state === "running")]);
  // Who has waited longest leads.
  assert.equal(between.role, "leader");
  const { etag } = Object.fromEntries((await late.fetch("/film.bin")).headers);
  assert.equal(etag, Object.fromEntries((await leader.fetch("/film.bin")).headers).etag);
  assert.notEqual(etag, begun.headers.get("etag"));
  // What its own page had under way goes on for a while.
  assert.equal(engine.state, "running");
  assert.deepEqual(await bytesIn(begun), FILM_BYTES);
  for (const late of browser.lateTimers.splice(0)) late();
  await until(() => engine.state === "destroyed");
});

test("whether a leader is current is asked once in a while, not for each tab", async (t) => {
  const browser = openBrowser(t);
  const { engine } = await withFollowers(browser, 0);
  const asked = t.mock.method(engine, "isCurrent");
  const { now } = Date;
  t.mock.method(Date, "now", () => now() + 60_000);
  await Promise.all([browser.open().ready, browser.open().ready, browser.open().ready]);
  assert.equal(asked.mock.callCount(), 1);
});

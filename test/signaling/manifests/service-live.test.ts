import assert from "node:assert/strict";
import { test } from "node:test";
import { Catalog } from "#sdk/client/catalog.ts";
import { Geometry } from "#sdk/content/geometry.ts";
import { CONTENT, resourceOf, sha256 } from "../../client/support/sample.ts";
import { channel, names, polled, segment } from "./channel-stage.ts";
import { pathsOf, until } from "./manifest-stage.ts";

test("the manifest of a live playlist lists its segments, as the origin has them, under numbers of their own", async (t) => {
  const live = await channel(t);
  live.show(0, 3);
  const { base, live: stream, resources } = await live.lists(...names(0, 3));
  assert.equal(base, `${live.origin.url}/`);
  assert.match(stream?.stream ?? "", /^[\w-]{22}$/);
  for (const resource of resources) {
    const n = Number(/\d+/.exec(resource.path)?.[0]);
    const { root, hashes } = await resourceOf("", segment(n));
    assert.deepEqual([resource.root, resource.hashes, resource.sizeBytes], [root, hashes, segment(n).length]);
  }
  assert.equal(stream?.nextPiece, 9);
  const everything = pathsOf(await live.manifest());
  assert.ok(!everything.some((path) => path.endsWith("m3u8")), "a playlist changes");
});

test("a playlist that grows and slides is followed: what is new is hashed, what is old is let go, each is fetched once", async (t) => {
  const live = await channel(t, { options: { manifestLiveSegments: 4 } });
  live.show(0, 3);
  const before = await live.lists(...names(0, 3));
  const catalog = new Catalog({
    content: CONTENT,
    geometry: new Geometry(before),
    base: before.base ?? "",
    hasher: sha256,
  });
  for (let first = 1; first <= 6; first++) {
    live.show(first, first + 3);
    await polled(live, live.reads, 2000);
    // Those that players behind still ask for stay for as long as there is room.
    const after = await live.lists(...names(first - 1, first + 3));
    assert.equal(after.live?.stream, before.live?.stream);
    catalog.grow(after);
    assert.notEqual(catalog.find(`${live.origin.url}/live/s${first + 2}.ts`), undefined);
  }
  const counts = names(0, 9).map((name) => live.origin.log.requests(`/live/${name}`).length);
  assert.deepEqual(
    counts,
    Array.from({ length: 9 }, () => 1),
  );
});

test("a playlist is read at its target duration, and after half of that when nothing was new", async (t) => {
  const live = await channel(t);
  live.show(0, 3);
  await live.lists(...names(0, 3));
  const before = live.reads();
  live.clock.pass(999);
  assert.equal(live.reads(), before);
  live.show(1, 4);
  await polled(live, live.reads, 1001);
  await until(() => live.clock.timers === 1);
  live.clock.pass(1999);
  const after = live.reads();
  await polled(live, live.reads, 1);
  assert.equal(live.reads(), after + 1);
  await until(() => live.clock.timers === 1);
  await polled(live, live.reads, 1000);
});

test("a viewer who asks for what is not listed yet has the playlist read at once, but not again and again", async (t) => {
  const live = await channel(t);
  live.show(0, 3, { targetSeconds: 6 });
  await live.lists(...names(0, 3));
  live.show(0, 4, { targetSeconds: 6 });
  const before = live.reads();
  live.clock.pass(2999);
  await live.manifest();
  assert.equal(live.reads(), before, "there can be nothing new yet");
  live.clock.pass(1);
  await Promise.all(Array.from({ length: 20 }, () => live.manifest()));
  await live.lists(...names(0, 4));
  assert.equal(live.reads(), before + 1);
});

test("nobody asks: it is read no more; when somebody does again, the stream goes on", async (t) => {
  const live = await channel(t, { options: { manifestIdleMs: 10_000 } });
  live.show(0, 3);
  const before = await live.lists(...names(0, 3));
  for (let s = 0; s < 10; s++) {
    live.clock.pass(1000);
    await until(() => live.isQuiet() && (live.clock.timers === 1 || s >= 9));
  }
  assert.equal(live.clock.timers, 0);
  const reads = live.reads();
  live.clock.pass(3_600_000);
  await until(live.isQuiet);
  assert.equal(live.reads(), reads);
  live.show(100, 103);
  await live.manifest();
  const after = await live.lists(...names(0, 3), ...names(100, 103));
  assert.equal(after.live?.stream, before.live?.stream);
});

test("a segment that cannot be had is tried again, and the others are listed meanwhile", async (t) => {
  const live = await channel(t);
  live.show(0, 3);
  live.origin.faults.set("/live/s1.ts", { status: 404 });
  await live.lists("s0.ts", "s2.ts");
  live.origin.faults.clear();
  await live.lists("s0.ts", "s2.ts");
  live.clock.pass(10_000);
  await live.lists(...names(0, 3));
});

test("a live stream that ends is read no more, and looked at again later: another may begin in its place", async (t) => {
  const live = await channel(t);
  live.show(0, 3);
  await live.lists(...names(0, 3));
  live.show(0, 4, { ended: true });
  await polled(live, live.reads, 2000);
  await live.lists(...names(0, 4));
  await until(() => {
    if (live.isQuiet() && live.clock.timers > 0) live.clock.pass(500);
    return live.isQuiet() && live.clock.timers === 0;
  }, "it rests");
  const reads = live.reads();
  await live.manifest();
  assert.equal(live.reads(), reads);
  live.clock.pass(60_000);
  live.show(50, 52);
  await live.manifest();
  await live.lists(...names(0, 4), ...names(50, 52));
});

test("an origin that is down for a while costs a live stream nothing but that while", async (t) => {
  const live = await channel(t);
  live.show(0, 3);
  const before = await live.lists(...names(0, 3));
  live.origin.faults.set("*", { down: true });
  await polled(live, live.reads, 2000);
  await live.lists(...names(0, 3));
  await until(() => live.clock.timers === 1);
  live.origin.faults.clear();
  live.show(1, 4);
  await polled(live, live.reads, 1000);
  const after = await live.lists(...names(0, 4));
  assert.equal(after.live?.stream, before.live?.stream);
});

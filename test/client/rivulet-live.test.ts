import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import { MIB } from "#sdk/base/bytes.ts";
import type { Environment } from "#sdk/client/environment.ts";
import type { CheckedOptions } from "#sdk/client/options.ts";
import { formatManifest } from "#sdk/content/manifest.ts";
import type { PieceStore } from "#sdk/engine/ports.ts";
import { bytesOf, liveManifestOf, PIECE_BYTES } from "./support/sample.ts";
import { bytesIn, openSite } from "./support/site.ts";
import { storeWith } from "./support/store-with.ts";

const SEGMENTS = [11, 12, 13, 14].map((seed) => bytesOf(2 * PIECE_BYTES - 9, seed));
const NOW = { playback: { dueInMs: 0 } };
const SOON = { playback: { dueInMs: 60_000 } };
/** A stream of another name. */
const OTHER = `${"B".repeat(21)}A`;

const segment = (n: number) => SEGMENTS[n] ?? assert.fail(`There is no segment ${n}.`);

/** A site with a live stream of which the first segment was published. */
async function streaming(t: TestContext) {
  const site = await openSite(t);
  const { files } = site.origin;
  const publish = async (from: number, end: number, stream?: string) => {
    const listed = SEGMENTS.slice(from, end).map((bytes, n) => [`${from + n}.ts`, bytes] as const);
    for (const [path, bytes] of listed) files.set(`/${path}`, bytes);
    const given = { first: 2 * from, ...(stream && { stream }) };
    const manifest = await liveManifestOf(Object.fromEntries(listed), given);
    files.set("/rivulet.json", new TextEncoder().encode(formatManifest(manifest)));
  };
  await publish(0, 1);
  /** A visitor who is there, and whose time passes slowly: on a busy machine nobody may lose patience. */
  const visit = async ({ environment = {}, ...given }: Parameters<typeof site.visit>[0] = {}) => {
    const now = () => performance.now() / 4;
    const visitor = site.visit({ environment: { now, ...environment }, ...given });
    await visitor.rivulet.ready;
    return visitor;
  };
  return { origin: site.origin, visit, publish };
}

test("a segment that was published after the page came is served, and passed on to the next viewer", async (t) => {
  const { origin, visit, publish } = await streaming(t);
  const first = await visit();
  assert.deepEqual(await bytesIn(await first.rivulet.fetch("/0.ts", NOW)), segment(0));
  const second = await visit({ options: { patienceMs: 60_000 } });
  await Promise.all([first.heard("peer-connected"), second.heard("peer-connected")]);
  await publish(0, 2);
  assert.deepEqual(await bytesIn(await first.rivulet.fetch("/1.ts", SOON)), segment(1));
  assert.deepEqual(await bytesIn(await second.rivulet.fetch("/1.ts?token=2", SOON)), segment(1));
  assert.deepEqual([...first.plain, ...second.plain], []);
  assert.equal(origin.log.copies("/1.ts"), 1);
  assert.equal(second.rivulet.stats.peerBytes, segment(1).length);
  assert.deepEqual(
    second.rivulet.stats.resources.map(({ path }) => path),
    ["1.ts"],
  );
});

test("a viewer who joins later is of the same content, though the manifest has moved on", async (t) => {
  const { origin, visit, publish } = await streaming(t);
  await publish(0, 2);
  const first = await visit();
  await bytesIn(await first.rivulet.fetch("/1.ts", NOW));
  await publish(1, 3);
  const second = await visit({ options: { patienceMs: 60_000 } });
  assert.deepEqual(await bytesIn(await second.rivulet.fetch("/1.ts", SOON)), segment(1));
  assert.equal(origin.log.copies("/1.ts"), 1);
});

test("what no manifest lists in time comes from the page's own fetch, and the next one is found", async (t) => {
  const { origin, visit, publish } = await streaming(t);
  const { rivulet, plain } = await visit();
  origin.files.set("/1.ts", segment(1));
  assert.deepEqual(await bytesIn(await rivulet.fetch("/1.ts", NOW)), segment(1));
  assert.deepEqual(plain, ["/1.ts"]);
  await publish(0, 3);
  assert.deepEqual(await bytesIn(await rivulet.fetch("/2.ts", SOON)), segment(2));
  assert.deepEqual(plain, ["/1.ts"]);
});

test("a stream whose queries matter is followed too", async (t) => {
  const { visit, publish } = await streaming(t);
  const { rivulet, plain } = await visit({ options: { mediaQuery: "match" } });
  await publish(0, 2);
  assert.deepEqual(await bytesIn(await rivulet.fetch("/1.ts", SOON)), segment(1));
  assert.deepEqual(plain, []);
});

test("when the manifest is of another stream the page hears of it once, and goes on from the origin", async (t) => {
  const { visit, publish } = await streaming(t);
  const { rivulet, plain, of } = await visit();
  await publish(0, 3, OTHER);
  for (const n of [1, 2]) assert.deepEqual(await bytesIn(await rivulet.fetch(`/${n}.ts`, SOON)), segment(n));
  assert.deepEqual(plain, ["/1.ts", "/2.ts"]);
  assert.deepEqual(
    of("problem").map(({ code }) => code),
    ["stale-manifest"],
  );
});

test("a live stream is kept in memory only: what the page may keep for its next visit holds nothing of it", async (t) => {
  const { visit } = await streaming(t);
  const stores: { kind: CheckedOptions["store"]; puts: number; closed: boolean }[] = [];
  const store: Environment["store"] = async ({ store: kind, memoryBytes }) => {
    const inner = new MemoryStore({ quotaBytes: memoryBytes });
    const made = { kind, puts: 0, closed: false };
    stores.push(made);
    const put: PieceStore["put"] = (hash, bytes) => {
      made.puts++;
      return inner.put(hash, bytes);
    };
    const close = () => {
      made.closed = true;
      return inner.close();
    };
    return storeWith({ put, close }, inner);
  };
  const { rivulet } = await visit({
    options: { store: "indexeddb", memoryBytes: 64 * MIB },
    environment: { store },
  });
  assert.deepEqual(await bytesIn(await rivulet.fetch("/0.ts", NOW)), segment(0));
  assert.deepEqual(stores, [
    { kind: "indexeddb", puts: 0, closed: true },
    { kind: "memory", puts: 2, closed: false },
  ]);
  await rivulet.destroy();
  assert.ok(
    stores.every(({ closed }) => closed),
    "and nothing is left open",
  );
});

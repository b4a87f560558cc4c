import assert from "node:assert/strict";
import { test } from "node:test";
import { Catalog } from "#sdk/client/catalog.ts";
import { Statistics } from "#sdk/client/statistics.ts";
import { Geometry } from "#sdk/content/geometry.ts";
import { BASE, bytesOf, CONTENT, catalogOf, liveManifestOf, peerId, sha256 } from "./support/sample.ts";

const catalog = await catalogOf({ "a.bin": bytesOf(100), "b.bin": bytesOf(50) });
const NOW = { peer: "me", tracker: "up", peers: [], catalog } as const;
const ORIGIN = { from: "origin" } as const;
const STORE = { from: "store" } as const;
const peer = (digit: string) => ({ from: "peer", peer: peerId(digit) }) as const;

test("nothing counted is all zeroes, and no ratio of nothing", () => {
  assert.deepEqual(new Statistics().report(NOW), {
    peer: "me",
    tracker: "up",
    ...{ originBytes: 0, peerBytes: 0, storeBytes: 0, offloadRatio: 0 },
    ...{ uploadedBytes: 0, wastedBytes: 0, peers: [], resources: [] },
  });
});

test("bytes are counted by source, by resource and by peer", () => {
  const statistics = new Statistics();
  statistics.delivered({ resource: 0, bytes: 10, source: ORIGIN });
  statistics.delivered({ resource: 0, bytes: 20, source: peer("a") });
  statistics.delivered({ resource: 1, bytes: 5, source: peer("a") });
  statistics.delivered({ resource: 0, bytes: 3, source: peer("b") });
  statistics.delivered({ resource: 0, bytes: 2, source: STORE });
  const { originBytes, peerBytes, storeBytes, offloadRatio, resources } = statistics.report(NOW);
  assert.deepEqual({ originBytes, peerBytes, storeBytes }, { originBytes: 10, peerBytes: 28, storeBytes: 2 });
  assert.equal(offloadRatio, 28 / 40);
  assert.deepEqual(resources, [
    {
      path: "a.bin",
      sizeBytes: 100,
      ...{ originBytes: 10, peerBytes: 23, storeBytes: 2 },
      peers: { [peerId("a")]: 20, [peerId("b")]: 3 },
    },
    {
      path: "b.bin",
      sizeBytes: 50,
      ...{ originBytes: 0, peerBytes: 5, storeBytes: 0 },
      peers: { [peerId("a")]: 5 },
    },
  ]);
});

test("uploads and waste add up", () => {
  const statistics = new Statistics();
  for (const count of [
    () => statistics.uploaded(7),
    () => statistics.uploaded(1),
    () => statistics.wasted(9),
    () => statistics.delivered({ resource: 0, bytes: 1, source: ORIGIN }),
  ]) {
    count();
  }
  const { uploadedBytes, wastedBytes } = statistics.report(NOW);
  assert.deepEqual([uploadedBytes, wastedBytes], [8, 9]);
});

test("a report is a picture: later counts do not change it", () => {
  const statistics = new Statistics();
  statistics.delivered({ resource: 0, bytes: 1, source: peer("a") });
  const report = statistics.report(NOW);
  const before = structuredClone(report);
  statistics.delivered({ resource: 0, bytes: 1, source: peer("b") });
  assert.deepEqual(report, before);
});

test("what a live content forgot is listed no more, and is in the sums still", async () => {
  const geometry = new Geometry(await liveManifestOf({ "0.ts": bytesOf(100), "1.ts": bytesOf(50) }));
  const live = new Catalog({ content: CONTENT, geometry, base: BASE, hasher: sha256 });
  const statistics = new Statistics();
  statistics.delivered({ resource: 0, bytes: 100, source: peer("a") });
  statistics.delivered({ resource: 1, bytes: 50, source: ORIGIN });
  const listed = () => statistics.report({ ...NOW, catalog: live }).resources.map(({ path }) => path);
  assert.deepEqual(listed(), ["0.ts", "1.ts"]);
  geometry.forget(1);
  assert.deepEqual(listed(), ["1.ts"]);
  const { peerBytes, originBytes, offloadRatio } = statistics.report({ ...NOW, catalog: live });
  assert.deepEqual([peerBytes, originBytes, offloadRatio], [100, 50, 100 / 150]);
});

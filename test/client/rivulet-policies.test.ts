import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import { MIB } from "#sdk/base/bytes.ts";
import type { CheckedOptions } from "#sdk/client/options.ts";
import { ChangingConditions } from "./support/changing-conditions.ts";
import { PIECE_BYTES } from "./support/sample.ts";
import { bytesIn, FILES, FILM, openSite, type Visitor } from "./support/site.ts";
import { storeWith } from "./support/store-with.ts";

const PATIENT = { patienceMs: 60_000, minBytesPerSecond: 1 };

async function film({ rivulet }: Visitor): Promise<void> {
  assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin")), FILM);
}

/** Waits for what takes turns and no time. */
async function until(wished: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !wished(); turn++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(wished());
}

test("a page that is to know no peers asks no tracker, and its store and its origin serve it", async (t) => {
  const { origin, network, visit } = await openSite(t);
  await film(visit());
  const [known] = network.peers;
  const store = new MemoryStore({ quotaBytes: 64 * MIB });
  const environment = {
    conditions: () => new ChangingConditions("no-peers"),
    tracker: () => assert.fail("A tracker was asked."),
    transport: () => ({ connect: () => assert.fail("A peer was dialled.") }),
    store: async () => storeWith({ close: async () => undefined }, store),
  };
  const alone = visit({ options: PATIENT, environment });
  origin.log.reset();
  await film(alone);
  const { originBytes, peerBytes, uploadedBytes, tracker, peers } = alone.rivulet.stats;
  assert.deepEqual([originBytes, peerBytes, uploadedBytes], [FILM.length, 0, 0]);
  assert.deepEqual([tracker, peers, alone.plain], ["off", [], []]);
  assert.deepEqual([network.peers, alone.of("peer-connected")], [[known], []]);
  await alone.rivulet.destroy();
  const again = visit({ environment });
  await film(again);
  assert.deepEqual([again.rivulet.stats.storeBytes, network.peers], [FILM.length, [known]]);
});

test("a page that is to know no peers any more says goodbye, and comes back when it may", async (t) => {
  const { origin, network, visit } = await openSite(t);
  const conditions = new ChangingConditions("none");
  const visitor = visit({ environment: { conditions: () => conditions } });
  await film(visitor);
  const other = visit();
  await film(other);
  assert.equal(visitor.rivulet.stats.peers.length, 1);
  const { peer } = visitor.rivulet.stats;
  conditions.become("no-peers");
  const { tracker, peers } = visitor.rivulet.stats;
  assert.deepEqual([tracker, peers, network.peers.some((one) => one === peer)], ["off", [], false]);
  assert.deepEqual(visitor.of("tracker").at(-1), { state: "off" });
  assert.deepEqual(await other.heard("peer-disconnected"), { peer, reason: "the peer said leaving" });
  origin.log.reset();
  await bytesIn(await visitor.rivulet.fetch("/data.json"));
  assert.equal(origin.log.bytes("/data.json"), FILES["data.json"].length);
  conditions.become("none");
  assert.ok(network.peers.some((one) => one === peer));
  const third = visit({ options: PATIENT });
  await film(third);
  await until(() => third.of("peer-connected").some((one) => one.peer === peer));
  assert.equal(visitor.rivulet.stats.tracker, "up");
});

test("conditions that are heard of while the manifest loads are heeded", async (t) => {
  const { origin, network, visit } = await openSite(t);
  const conditions = new ChangingConditions("none");
  origin.pace.latencyMs = 50;
  const { rivulet } = visit({ environment: { conditions: () => conditions } });
  await until(() => network.peers.length === 1);
  conditions.become("no-peers");
  await rivulet.ready;
  assert.deepEqual([rivulet.stats.tracker, network.peers], ["off", []]);
});

test("what is excluded, not included or too small is as if it were not listed", async (t) => {
  const { visit } = await openSite(t);
  const [small, film] = [FILES["data.json"].length, FILM.length];
  for (const [options, sizes] of [
    [{}, [film, small]],
    [{ exclude: ["*.json"] }, [film, undefined]],
    [{ include: ["/film.*"] }, [film, undefined]],
    [{ include: ["/**"], exclude: ["/film.bin"] }, [undefined, small]],
    [{ minBytes: small + 1 }, [film, undefined]],
    [{ minBytes: small }, [film, small]],
  ] as const) {
    const { rivulet, plain } = visit({ options });
    await rivulet.ready;
    const names = ["/film.bin", "/data.json"];
    const said = JSON.stringify(options);
    assert.deepEqual(
      names.map((name) => rivulet.sizeOf(name)),
      sizes,
      said,
    );
    assert.deepEqual(
      names.map((name) => rivulet.lists(name)),
      sizes.map((size) => size !== undefined),
    );
    await bytesIn(await rivulet.fetch("/data.json"));
    assert.deepEqual(plain, sizes[1] === undefined ? ["/data.json"] : [], said);
  }
});

test("a page uploads what it may in one visit, and then no more", async (t) => {
  const { visit } = await openSite(t);
  const first = visit({ options: { maxUploadBytes: 3 * PIECE_BYTES } });
  await film(first);
  const second = visit({ options: { patienceMs: 200 } });
  await film(second);
  const { peerBytes, originBytes, peers } = second.rivulet.stats;
  assert.equal(first.rivulet.stats.uploadedBytes, 3 * PIECE_BYTES);
  assert.deepEqual([peerBytes, originBytes], [3 * PIECE_BYTES, FILM.length - 3 * PIECE_BYTES]);
  assert.equal(peers.length, 1, "The connection is there still.");
  const third = visit({ options: { patienceMs: 50, maxConnections: 1 } });
  await film(third);
  assert.equal(first.rivulet.stats.uploadedBytes, 3 * PIECE_BYTES);
});

test("peers of a visitor who may only be reached through TURN servers are connected to in that way only", async (t) => {
  const { network, visit } = await openSite(t);
  const made: string[] = [];
  const world = (relayOnly: boolean) => ({
    conditions: () => Object.assign(new ChangingConditions("none"), { relayOnly }),
    transport: ({ iceTransportPolicy }: CheckedOptions) => {
      made.push(iceTransportPolicy);
      return network.transport();
    },
  });
  await visit({ environment: world(true) }).rivulet.ready;
  await visit({ environment: world(false) }).rivulet.ready;
  await visit({ environment: world(false), options: { iceTransportPolicy: "relay" } }).rivulet.ready;
  assert.deepEqual(made, ["relay", "all", "relay"]);
});

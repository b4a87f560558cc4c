import assert from "node:assert/strict";
import { once } from "node:events";
import { after, afterEach, before, describe, it } from "node:test";
import { SignJWT } from "jose";
import { type SignalingServer, startSignalingServer } from "#signaling/index.ts";
import { FreezingRelay } from "./support/freezing-relay.ts";
import {
  type Channel,
  type Counts,
  counts,
  next,
  opened,
  TrackerClients,
  warning,
} from "./support/tracker-client.ts";
import { waitFor } from "./support/wait-for.ts";

const INFO_HASH = "1f".repeat(20);
const OTHER_HASH = "f0".repeat(20);

describe("bittorrent-tracker's own client", () => {
  let server: SignalingServer;
  let clients: TrackerClients;
  before(async () => {
    server = await startSignalingServer({ port: 0, logLevel: "warn" });
    clients = await TrackerClients.load();
  });
  afterEach(async () => {
    clients.destroyAll();
    await untilEmpty(server);
  });
  after(() => server.close());

  /** A client on a socket of its own. */
  const client = (name: string, left: number, infoHash = INFO_HASH) =>
    clients.make({ url: `${server.url}/announce?name=${name}`, infoHash, name, left });

  it("announces, finds another by offer and answer, and sends it a byte over a data channel", async () => {
    const [seeder, leecher] = [client("seeder", 0), client("leecher", 1000)];
    seeder.start();
    const alone: Counts = await next(seeder, "update");
    assert.deepEqual(counts(alone), { complete: 1, incomplete: 0 });
    assert.equal(alone.interval, 120);
    assert.equal(alone.infoHash, INFO_HASH);

    const channels = Promise.all([opened(seeder), opened(leecher, () => leecher.update())]);
    leecher.start();
    assert.deepEqual(counts(await next(leecher, "update")), { complete: 1, incomplete: 1 });
    const [toLeecher, toSeeder] = await channels;
    assert.deepEqual([toLeecher.id, toSeeder.id], [leecher.peerId, seeder.peerId]);

    const arrived = once(toSeeder, "data");
    toLeecher.send(Uint8Array.of(42));
    assert.deepEqual([...(await arrived)[0]], [42]);
  });

  it("is counted when it completes, and no more when it stops", async () => {
    const [seeder, leecher] = [client("seeder", 0), client("leecher", 1000)];
    seeder.start({ numwant: 0 });
    await next(seeder, "update");
    leecher.start({ numwant: 0 });
    await next(leecher, "update");
    seeder.scrape();
    assert.deepEqual(counts(await next(seeder, "scrape")), { complete: 1, incomplete: 1, downloaded: 0 });

    leecher.complete();
    assert.deepEqual(counts(await next(leecher, "update")), { complete: 2, incomplete: 0 });
    seeder.scrape();
    assert.deepEqual(counts(await next(seeder, "scrape")), { complete: 2, incomplete: 0, downloaded: 1 });

    leecher.stop();
    assert.deepEqual(counts(await next(leecher, "update")), { complete: 1, incomplete: 0 });
    seeder.scrape();
    assert.deepEqual(counts(await next(seeder, "scrape")), { complete: 1, incomplete: 0, downloaded: 1 });
  });

  it("scrapes several swarms at once, and is told zeros of one that is not there", async () => {
    const seeder = client("seeder", 0);
    seeder.start({ numwant: 0 });
    await next(seeder, "update");
    const told: Counts[] = [];
    seeder.on("scrape", (one: Counts) => told.push(one));
    seeder.scrape({ infoHash: [INFO_HASH, OTHER_HASH] });
    await waitFor({
      look: async () => told.length,
      wished: (n) => n === 2,
      seconds: 10,
      otherwise: "Scrapes",
    });
    const complete = Object.fromEntries(told.map((one) => [one.infoHash, one.complete]));
    assert.deepEqual(complete, { [INFO_HASH]: 1, [OTHER_HASH]: 0 });
  });

  it("has a peer id for each of many swarms on one socket, as a player has for each of its renditions", async () => {
    for (let no = 0; no < 10; no++) {
      const infoHash = no.toString(16).padStart(40, "0");
      const one = clients.make({ url: `${server.url}/announce`, infoHash, name: `level ${no}`, left: 1 });
      one.start({ numwant: 0 });
      assert.deepEqual(counts(await next(one, "update")), { complete: 0, incomplete: 1 });
    }
    assert.equal(server.stats().connections, 1);
  });

  it("takes its swarm over at once when it comes back, with its old socket dead and nobody told", async () => {
    const relay = await FreezingRelay.open(server.port);
    try {
      const url = `ws://127.0.0.1:${relay.port}/announce`;
      const gone = clients.make({ url, infoHash: INFO_HASH, name: "seeder", left: 0 });
      gone.start({ numwant: 0 });
      await next(gone, "update");
      relay.freeze();
      const again = client("seeder", 0);
      again.start({ numwant: 0 });
      assert.deepEqual(counts(await next(again, "update")), { complete: 1, incomplete: 0 });

      const found: Promise<Channel> = next(again, "peer");
      const leecher = client("leecher", 1000);
      const seeder: Promise<Channel> = next(leecher, "peer");
      leecher.start();
      assert.deepEqual([(await found).id, (await seeder).id], [leecher.peerId, again.peerId]);
      assert.match(relay.heard, /replaced$/);
      assert.doesNotMatch(relay.heard, /offer/);
    } finally {
      await relay.close();
    }
  });
});

describe("bittorrent-tracker's own client, where tokens are needed", () => {
  const tokenSecret = "a secret of at least thirty-two bytes";
  let server: SignalingServer;
  let clients: TrackerClients;
  before(async () => {
    server = await startSignalingServer({ port: 0, tokenSecret });
    clients = await TrackerClients.load();
  });
  afterEach(() => clients.destroyAll());
  after(() => server.close());

  const client = (query: string) =>
    clients.make({ url: `${server.url}/announce${query}`, infoHash: INFO_HASH, name: "one", left: 0 });
  const tokenFor = async (...contents: string[]) => {
    const token = new SignJWT({ sub: "a viewer", contents })
      .setProtectedHeader({ alg: "HS256" })
      .setAudience("rivulet")
      .setExpirationTime("1 minute");
    return `?token=${await token.sign(new TextEncoder().encode(tokenSecret))}`;
  };

  it("is let in with one in its announce URL", async () => {
    const one = client(await tokenFor(INFO_HASH));
    one.start({ numwant: 0 });
    assert.deepEqual(counts(await next(one, "update")), { complete: 1, incomplete: 0 });
  });

  it("is warned that it has none, that it has a bad one, or one for something else", async () => {
    for (const [query, code] of [
      ["", "token-missing"],
      ["?token=made.up.entirely", "token-invalid"],
      [await tokenFor(OTHER_HASH), "content-not-allowed"],
    ] as const) {
      const one = client(query);
      const said = warning(one);
      one.start({ numwant: 0 });
      assert.match(await said, new RegExp(`\\b${code}\\b`));
    }
  });
});

async function untilEmpty(server: SignalingServer): Promise<void> {
  await waitFor({
    look: async () => server.stats().connections,
    wished: (connections) => connections === 0,
    seconds: 10,
    otherwise: "Somebody is left",
  });
}

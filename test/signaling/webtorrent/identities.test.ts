import assert from "node:assert/strict";
import { test } from "node:test";
import { EVERYTHING } from "#signaling/access/grant.ts";
import type { ConnectionId } from "#signaling/delivery.ts";
import { Identities } from "#signaling/webtorrent/identities.ts";
import { Stage } from "../support/stage.ts";
import { peerIdNo } from "../support/tracker-texts.ts";

const { service } = new Stage();
const MOST_IDS = 32;
const MOST_HOLDERS = 4;

class Known {
  readonly identities = new Identities();

  open(address = "192.0.2.1"): ConnectionId {
    const connection = service.name();
    this.identities.open(connection, { address, group: "", grant: EVERYTHING });
    return connection;
  }

  /** How a claim ends, and whom it replaces. */
  claim(connection: ConnectionId, peer: number): string | readonly ConnectionId[] {
    const claim = this.identities.claim(connection, peerIdNo(peer));
    return claim.outcome === "new" ? claim.replaced.map((identity) => identity.connection) : claim.outcome;
  }
}

test("the first announce claims an id for its connection, and later ones find it", () => {
  const known = new Known();
  const connection = known.open();
  assert.equal(known.identities.on(connection, peerIdNo(1)), undefined);
  assert.deepEqual(known.claim(connection, 1), []);
  assert.equal(known.claim(connection, 1), "known");
  const identity = known.identities.on(connection, peerIdNo(1));
  assert.ok(identity);
  assert.equal(known.identities.numbered(identity.number), identity);
  assert.deepEqual(known.identities.withPeerId(peerIdNo(1)), [identity]);
  assert.equal(known.identities.size, 1);
});

test("the same id from the same address replaces, one from another address stands beside it", () => {
  const known = new Known();
  const [first, again, foreign] = [known.open(), known.open(), known.open("198.51.100.1")];
  known.claim(first, 1);
  assert.deepEqual(known.claim(foreign, 1), []);
  assert.deepEqual(known.claim(again, 1), [first]);
  known.identities.close(first);
  const holders = known.identities.withPeerId(peerIdNo(1)).map(({ connection }) => connection);
  assert.deepEqual(holders, [foreign, again]);
});

test("so many addresses have one id at a time, and one more when one has gone", () => {
  const known = new Known();
  const all = Array.from({ length: MOST_HOLDERS }, (_, n) => known.open(`192.0.2.${n}`));
  for (const connection of all) assert.deepEqual(known.claim(connection, 1), []);
  const late = known.open("198.51.100.1");
  assert.equal(known.claim(late, 1), "refused");
  assert.deepEqual(known.claim(late, 2), []);
  // A reconnect is none more.
  assert.deepEqual(known.claim(known.open("192.0.2.0"), 1), all.slice(0, 1));
  known.identities.close(all[1] ?? late);
  assert.deepEqual(known.claim(late, 1), []);
});

test("so many ids are on one connection, and no more", () => {
  const known = new Known();
  const connection = known.open();
  for (let n = 0; n < MOST_IDS; n++) assert.deepEqual(known.claim(connection, n), []);
  assert.equal(known.claim(connection, MOST_IDS), "refused");
  assert.equal(known.claim(connection, 0), "known");
  assert.deepEqual(known.claim(known.open(), MOST_IDS), [], "a refused claim was kept");
  assert.equal(known.identities.of(connection).length, MOST_IDS);
});

test("a closed connection has no ids, can claim none, and leaves nothing behind", () => {
  const known = new Known();
  const connection = known.open();
  known.claim(connection, 1);
  known.claim(connection, 2);
  assert.equal(known.identities.close(connection).length, 2);
  assert.deepEqual(known.identities.close(connection), []);
  assert.equal(known.claim(connection, 3), "refused");
  assert.deepEqual(known.identities.withPeerId(peerIdNo(1)), []);
  assert.deepEqual([known.identities.size, known.identities.callerOf(connection)], [0, undefined]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@rivulet/sdk/protocol";
import { Directory, type DirectoryLimits } from "#signaling/directory/directory.ts";
import { randomPeers } from "#signaling/directory/peer-choice.ts";
import { contentNo, identity } from "../support/identities.ts";

const ROOMY: DirectoryLimits = {
  maxRooms: 100,
  maxRoomsPerAddress: 100,
  maxMembersPerRoom: 1000,
  maxRoomsPerPeer: 100,
  maxPeersPerReply: 50,
};
const peer = (n: number) => identity(n).peer;
/** Peers 0 to 9 have one address, 10 to 19 another. */
const addressOf = (n: number) => `192.0.2.${Math.floor(n / 10)}`;

function directory(limits: Partial<DirectoryLimits> = {}, seed = 1) {
  const inner = new Directory({ ...ROOMY, ...limits }, randomPeers(seededRandom(seed)));
  const announce = (n: number, content = 0, { want = 50, complete = false } = {}) =>
    inner.announce(
      { peer: peer(n), address: addressOf(n), group: "", isSuperPeer: false },
      { content: contentNo(content), want, complete },
      0,
    );
  const listed = (...args: Parameters<typeof announce>) => {
    const result = announce(...args);
    assert.equal(result.outcome, "listed");
    return result;
  };
  const code = (...args: Parameters<typeof announce>) => {
    const result = announce(...args);
    return result.outcome === "refused" ? result.code : undefined;
  };
  return { inner, listed, code };
}

test("the first member of a swarm is told of nobody, and is counted", () => {
  const { listed } = directory();
  assert.deepEqual(listed(1), { outcome: "listed", peers: [], members: 1 });
});

test("a member is told of all others, never of itself", () => {
  const { listed } = directory();
  for (let n = 0; n < 20; n++) listed(n);
  const { peers, members } = listed(7);
  assert.equal(members, 20);
  const others = Array.from({ length: 20 }, (_, n) => peer(n)).filter((id) => id !== peer(7));
  assert.deepEqual(peers.map((listing) => listing.peer).sort(), others.sort());
});

test("a complete peer is told of those that miss something only, and an incomplete one of everybody", () => {
  const { listed } = directory();
  listed(1, 0, { complete: true });
  listed(2, 0, { complete: true });
  listed(3);
  assert.deepEqual(listed(2, 0, { complete: true }).peers, [{ peer: peer(3), complete: false }]);
  assert.deepEqual(new Set(listed(3).peers.map((listing) => listing.peer)), new Set([peer(1), peer(2)]));
});

test("announcing again changes whether a member is complete, and counts it once", () => {
  const { inner, listed } = directory();
  listed(1);
  listed(1, 0, { complete: true });
  assert.deepEqual(listed(2), { outcome: "listed", peers: [{ peer: peer(1), complete: true }], members: 2 });
  assert.equal(inner.members, 2);
});

test("no more peers are told of than are wanted, nor than the server hands out", () => {
  const { listed } = directory({ maxPeersPerReply: 10 });
  for (let n = 0; n < 30; n++) listed(n);
  assert.equal(listed(0, 0, { want: 4 }).peers.length, 4);
  assert.equal(listed(0, 0, { want: 0 }).peers.length, 0);
  assert.equal(listed(0, 0, { want: 50 }).peers.length, 10);
});

test("peers are chosen evenly: over many answers each member is named about as often as any other", () => {
  const { listed } = directory({}, 42);
  const named = new Map<string, number>();
  for (let n = 0; n < 100; n++) listed(n, 0, { complete: n % 2 === 0 });
  for (let round = 0; round < 4000; round++) {
    for (const listing of listed(1, 0, { want: 5 }).peers)
      named.set(listing.peer, (named.get(listing.peer) ?? 0) + 1);
  }
  // 20,000 draws over 99 peers: 202 each, with a standard deviation of about 14.
  assert.equal(named.size, 99);
  for (const count of named.values()) assert.ok(count > 130 && count < 275, `named ${count} times`);
});

test("one answer never names a peer twice", () => {
  const { listed } = directory({}, 7);
  for (let n = 0; n < 60; n++) listed(n);
  for (let round = 0; round < 200; round++) {
    const peers = listed(0).peers.map((listing) => listing.peer);
    assert.equal(peers.length, 50);
    assert.equal(new Set(peers).size, peers.length);
  }
});

test("who has left is told of no more, and an empty room is freed", () => {
  const { inner, listed } = directory();
  listed(1);
  listed(2);
  inner.leave(peer(1), contentNo(0));
  assert.deepEqual(listed(2).peers, []);
  inner.leave(peer(2), contentNo(0));
  assert.deepEqual([inner.rooms, inner.members, inner.peers], [0, 0, 0]);
});

test("leaving a swarm one is not in does nothing", () => {
  const { inner, listed } = directory();
  listed(1);
  inner.leave(peer(2), contentNo(0));
  inner.leave(peer(1), contentNo(5));
  assert.deepEqual([inner.rooms, inner.members], [1, 1]);
});

test("a forgotten peer is gone from every room, and leaves no memory behind", () => {
  const { inner, listed } = directory();
  for (let content = 0; content < 10; content++) listed(1, content);
  listed(2, 3);
  inner.forget(peer(1));
  assert.deepEqual([inner.rooms, inner.members], [1, 1]);
  assert.equal(inner.member(peer(1), contentNo(3)), undefined);
});

test("a full room refuses newcomers, and members may still announce", () => {
  const { code } = directory({ maxMembersPerRoom: 2 });
  assert.equal(code(1), undefined);
  assert.equal(code(2), undefined);
  assert.equal(code(3), "room-full");
  assert.equal(code(1, 0, { complete: true }), undefined);
});

test("a room beyond the server's limit is refused until another becomes empty", () => {
  const { inner, code } = directory({ maxRooms: 2 });
  code(1, 0);
  code(1, 1);
  assert.equal(code(1, 2), "too-many-rooms");
  assert.equal(code(2, 1), undefined);
  inner.leave(peer(1), contentNo(0));
  assert.equal(code(1, 2), undefined);
});

test("a peer beyond its own limit of rooms is refused until it leaves one", () => {
  const { inner, code } = directory({ maxRoomsPerPeer: 2 });
  code(1, 0);
  code(1, 1);
  assert.equal(code(1, 2), "too-many-rooms");
  assert.equal(code(2, 2), undefined);
  inner.leave(peer(1), contentNo(1));
  assert.equal(code(1, 2), undefined);
});

test("an address that has opened its share of the rooms joins those of others, and opens one when one of its own is gone", () => {
  const { inner, code } = directory({ maxRoomsPerAddress: 2 });
  code(1, 0);
  code(2, 1);
  assert.equal(code(3, 2), "too-many-rooms");
  assert.equal(code(11, 2), undefined, "another address");
  assert.equal(code(3, 2), undefined, "now it is there");
  code(11, 0);
  inner.leave(peer(1), contentNo(0));
  assert.equal(code(3, 3), "too-many-rooms", "what it opened is still there, whoever is in it");
  inner.leave(peer(11), contentNo(0));
  assert.equal(code(3, 3), undefined);
});

test("a refused announce leaves nothing behind", () => {
  const { inner, code } = directory({ maxRooms: 1 });
  code(1, 0);
  code(2, 1);
  assert.deepEqual([inner.rooms, inner.members], [1, 1]);
});

test("a peer that was dialled as often as it said it may be is full until it says otherwise", () => {
  const { inner, listed } = directory();
  const dial = () => {
    const member = inner.member(peer(1), contentNo(0));
    assert.ok(member);
    inner.dialled(member);
  };
  const offer = (free: number) => {
    const who = { peer: peer(1), address: addressOf(1), group: "", isSuperPeer: false };
    inner.announce(who, { content: contentNo(0), want: 0, complete: false, free }, 0);
  };
  offer(2);
  dial();
  assert.equal(listed(2).peers.length, 1);
  dial();
  assert.equal(listed(2).peers.length, 0);
  dial();
  assert.equal(inner.member(peer(1), contentNo(0))?.free, 0);
  offer(1);
  assert.equal(listed(2).peers.length, 1);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@rivulet/sdk/protocol";
import { Directory } from "#signaling/directory/directory.ts";
import { randomPeers } from "#signaling/directory/peer-choice.ts";
import { contentNo, identity } from "../support/identities.ts";

const peer = (n: number) => identity(n).peer;

function directory({ maxMembersPerRoom = 100 } = {}) {
  const limits = {
    maxRooms: 100,
    maxRoomsPerAddress: 100,
    maxMembersPerRoom,
    maxRoomsPerPeer: 100,
    maxPeersPerReply: 50,
  };
  const inner = new Directory(limits, randomPeers(seededRandom(1)));
  const listed = (n: number) => {
    const who = { peer: peer(n), address: "", group: "", isSuperPeer: false };
    const result = inner.announce(who, { content: contentNo(0), want: 50, complete: false }, 0);
    assert.equal(result.outcome, "listed");
    return result;
  };
  return { inner, listed };
}

test("members that are connected to other processes are listed, and keep no room open", () => {
  const { inner, listed } = directory();
  const entry = (n: number) => ({ peer: peer(n), group: "", complete: false, ageMs: 0 });
  const put = (n: number) => inner.putElsewhere("other", contentNo(0), { entry: entry(n), now: 0 });
  put(2);
  assert.equal(inner.rooms, 0);
  listed(1);
  put(2);
  assert.deepEqual(listed(1).peers, [{ peer: peer(2), complete: false }]);
  assert.deepEqual([inner.rooms, inner.members, inner.peers], [1, 1, 1]);
  inner.leave(peer(2), contentNo(0));
  assert.equal(listed(1).peers.length, 1, "who is elsewhere left through here");
  inner.goneElsewhere("another", contentNo(0), peer(2));
  assert.equal(listed(1).peers.length, 1, "the wrong process said so");
  inner.goneElsewhere("other", contentNo(0), peer(2));
  assert.equal(listed(1).peers.length, 0);
  put(3);
  inner.lostProcess("other");
  assert.equal(listed(1).members, 1);
  put(4);
  inner.leave(peer(1), contentNo(0));
  assert.deepEqual([inner.rooms, inner.members], [0, 0]);
});

test("what another process says that makes no sense is ignored, and so is what would overfill a room", () => {
  const { inner, listed } = directory({ maxMembersPerRoom: 2 });
  listed(1);
  const good = { peer: peer(2), group: "g", complete: false, ageMs: 5 };
  const wrong = [
    ...[
      null,
      7,
      "x",
      [],
      {},
      { ...good, peer: "x" },
      { ...good, group: 7 },
      { ...good, group: "g".repeat(65) },
    ],
    ...[
      { ...good, complete: 1 },
      { ...good, ageMs: -1 },
      { ...good, ageMs: "5" },
      { ...good, ageMs: Number.NaN },
    ],
  ];
  for (const entry of wrong) inner.putElsewhere("other", contentNo(0), { entry, now: 0 });
  assert.equal(listed(1).members, 1);
  for (const n of [2, 3])
    inner.putElsewhere("other", contentNo(0), { entry: { ...good, peer: peer(n) }, now: 0 });
  assert.equal(listed(1).members, 2);
  inner.putElsewhere("other", contentNo(0), { entry: { ...good, peer: peer(1) }, now: 0 });
  assert.equal(inner.member(peer(1), contentNo(0))?.home, undefined);
});

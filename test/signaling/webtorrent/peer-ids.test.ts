import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Holder, PeerIds } from "#signaling/webtorrent/peer-ids.ts";
import { peerIdNo } from "../support/tracker-texts.ts";

const MOST_HOLDERS = 4;

test("whoever claims and lets go, an id has each address once, few of them, and the newest last", () => {
  const step = fc.record({ address: fc.nat(7), peer: fc.nat(2), claims: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { minLength: 40, maxLength: 80 }), (steps) => {
      const ids = new PeerIds<Holder>();
      const model = new Map<number, Holder[]>();
      for (const { address, peer, claims } of steps) {
        const before = model.get(peer) ?? [];
        const same = before.filter((holder) => holder.address === String(address));
        const others = before.filter((holder) => holder.address !== String(address));
        if (claims) {
          const holder = { address: String(address) };
          const mayCome = others.length < MOST_HOLDERS;
          assert.deepEqual(ids.claim(peerIdNo(peer), holder), mayCome ? same : undefined);
          if (mayCome) model.set(peer, [...others, holder]);
        } else {
          for (const holder of same) ids.release(peerIdNo(peer), holder);
          model.set(peer, others);
        }
        for (const [number, holders] of model) assert.deepEqual(ids.of(peerIdNo(number)), holders);
        assert.equal(ids.size, [...model.values()].filter(({ length }) => length > 0).length);
      }
    }),
  );
});

test("letting go of an id that somebody else has by now changes nothing", () => {
  const ids = new PeerIds<Holder>();
  const [dead, alive] = [{ address: "a" }, { address: "a" }];
  ids.claim(peerIdNo(1), dead);
  ids.claim(peerIdNo(1), alive);
  ids.release(peerIdNo(1), dead);
  assert.deepEqual(ids.of(peerIdNo(1)), [alive]);
  assert.equal(ids.of(peerIdNo(1))[0], alive);
});

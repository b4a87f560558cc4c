import assert from "node:assert/strict";
import { test } from "node:test";
import { second } from "@rivulet/sdk/protocol";
import { told } from "../support/stage.ts";
import { TrackerStage, trackerMessage } from "../support/tracker-stage.ts";
import { answerText, hashNo, offerIdNo, peerIdNo } from "../support/tracker-texts.ts";

test("an offer goes to a member with its sender's id, and the answer back to who offered, once", () => {
  const stage = new TrackerStage();
  const receiver = stage.peer(2);
  const offerer = stage.connect();
  const [reply, offer] = stage.offer(offerer, 1);
  assert.deepEqual(told([reply, offer].filter((delivery) => delivery !== undefined)), ["2 reply", "1 offer"]);
  assert.deepEqual(trackerMessage(offer), {
    action: "announce",
    info_hash: hashNo(1),
    peer_id: peerIdNo(1),
    offer: { type: "offer", sdp: "o0" },
    offer_id: offerIdNo(0),
  });
  const [answer] = stage.text(receiver, answerText());
  assert.equal(answer?.to, offerer);
  assert.deepEqual(trackerMessage(answer), {
    action: "announce",
    info_hash: hashNo(1),
    peer_id: peerIdNo(2),
    answer: { type: "answer", sdp: "a" },
    offer_id: offerIdNo(0),
  });
  assert.deepEqual(told(stage.text(receiver, answerText())), ["1 failure: unknown-peer"]);
});

test("each of several offers goes to another member, and never back to the sender", () => {
  const stage = new TrackerStage();
  const connections = [2, 3, 4].map((n) => stage.peer(n));
  const sender = stage.connect();
  const handed = stage.offer(sender, 1, 10).slice(1);
  assert.deepEqual(new Set(handed.map(({ to }) => to)), new Set(connections));
  assert.equal(handed.length, 3);
  assert.equal(new Set(handed.map((delivery) => trackerMessage(delivery).offer_id)).size, 3);
});

test("no more offers are passed on than are wanted, than may be, and than there are", () => {
  const stage = new TrackerStage({ maxOffersPerAnnounce: 4 });
  for (let n = 2; n < 12; n++) stage.peer(n);
  const sender = stage.connect();
  const passedOn = (count: number, fields = {}) => stage.offer(sender, 1, count, fields).length - 1;
  assert.equal(passedOn(10), 4);
  assert.equal(passedOn(3), 3);
  assert.equal(passedOn(3, { numwant: 2 }), 2);
  assert.equal(passedOn(3, { numwant: 50 }), 3);
  assert.equal(passedOn(3, { numwant: 0 }), 0);
});

test("a seeder's offers go to leechers only", () => {
  const stage = new TrackerStage();
  stage.peer(2, { left: 0 });
  const leecher = stage.peer(3);
  assert.deepEqual(
    stage
      .offer(stage.connect(), 1, 5, { left: 0 })
      .slice(1)
      .map(({ to }) => to),
    [leecher],
  );
});

test("who was offered nothing answers nothing, in whoever's name", () => {
  const stage = new TrackerStage();
  const receiver = stage.peer(2);
  const offerer = stage.connect({ address: "192.0.2.1" });
  stage.offer(offerer, 1);
  const mallory = stage.peer(3);
  const forge = (fields: Readonly<Record<string, unknown>>) =>
    told(stage.text(mallory, answerText({ ...fields })));
  assert.deepEqual(forge({ peer_id: peerIdNo(3) }), ["3 failure: unknown-peer"]);
  assert.deepEqual(forge({ peer_id: peerIdNo(2) }), ["3 failure: not-a-member"], "somebody else's id");
  stage.announce(mallory, 2);
  assert.deepEqual(forge({ peer_id: peerIdNo(2) }), ["3 failure: unknown-peer"], "the same id, claimed");
  const wrong = (fields: Readonly<Record<string, unknown>>) => told(stage.text(receiver, answerText(fields)));
  assert.deepEqual(wrong({ offer_id: offerIdNo(1) }), ["1 failure: unknown-peer"]);
  assert.deepEqual(wrong({ to_peer_id: peerIdNo(3) }), ["1 failure: unknown-peer"]);
  assert.deepEqual(wrong({ info_hash: hashNo(2) }), ["1 failure: not-a-member"]);
  assert.deepEqual(wrong({}), ["2 answer"], "the forgeries used the offer up");
});

test("an answer comes within the life of its offer, or too late", () => {
  const stage = new TrackerStage();
  const receiver = stage.peer(2);
  const offerer = stage.connect();
  stage.offer(offerer, 1);
  stage.now = 59 * second;
  assert.deepEqual(told(stage.text(receiver, answerText())), ["2 answer"]);
  stage.offer(offerer, 1);
  stage.now += 61 * second;
  assert.deepEqual(told(stage.text(receiver, answerText())), ["1 failure: unknown-peer"]);
});

test("nobody answers who has left the swarm, nor to whom is gone", () => {
  const stage = new TrackerStage();
  const receiver = stage.peer(2);
  const offerer = stage.connect();
  stage.offer(offerer, 1, 1);
  stage.announce(receiver, 2, { event: "stopped" });
  assert.deepEqual(told(stage.text(receiver, answerText())), ["1 failure: not-a-member"]);
  stage.announce(receiver, 2);
  stage.disconnect(offerer);
  assert.deepEqual(told(stage.text(receiver, answerText())), ["1 failure: unknown-peer"]);
});

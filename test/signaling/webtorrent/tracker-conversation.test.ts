import assert from "node:assert/strict";
import { test } from "node:test";
import { second } from "@rivulet/sdk/protocol";
import { told } from "../support/stage.ts";
import { TrackerStage, trackerMessage } from "../support/tracker-stage.ts";
import { answerText, hashNo, offers, scrapeText } from "../support/tracker-texts.ts";

test("an announce is answered with the counts of its swarm and when to come again", () => {
  const stage = new TrackerStage({ webTorrentIntervalMs: 90 * second });
  stage.peer(1, { left: 0 });
  stage.peer(2);
  const [reply, ...others] = stage.announce(stage.connect(), 3);
  assert.deepEqual(trackerMessage(reply), {
    action: "announce",
    info_hash: hashNo(1),
    complete: 1,
    incomplete: 2,
    interval: 90,
  });
  assert.deepEqual(others, []);
});

test("who stops is told the counts without it and is offered nothing any more", () => {
  const stage = new TrackerStage();
  const leaver = stage.peer(2);
  const stayer = stage.peer(1);
  const [reply] = stage.announce(leaver, 2, { event: "stopped", offers: offers(5) });
  assert.deepEqual([reply?.to, trackerMessage(reply).incomplete], [leaver, 1]);
  assert.deepEqual(told(stage.offer(stayer, 1, 5)), ["2 reply"]);
  stage.announce(stayer, 1, { event: "stopped" });
  assert.deepEqual([stage.webTorrent.swarms.size, stage.webTorrent.swarms.members], [0, 0]);
});

test("who has not announced for two and a half intervals is no member any more, while its socket stays open", () => {
  const stage = new TrackerStage({ webTorrentIntervalMs: 100 * second });
  stage.peer(1);
  const stayer = stage.peer(2);
  stage.now += 200 * second;
  stage.announce(stayer, 2);
  stage.now += 49 * second;
  stage.service.sweep(stage.now);
  assert.equal(stage.webTorrent.swarms.members, 2);
  // It is looked for twice an interval.
  stage.now += 51 * second;
  assert.deepEqual(told(stage.service.sweep(stage.now)), []);
  assert.equal(stage.webTorrent.swarms.members, 1);
});

test("nobody stops for somebody else", () => {
  const stage = new TrackerStage();
  stage.peer(1);
  const mallory = stage.peer(2);
  assert.deepEqual(told(stage.announce(mallory, 1, { event: "stopped" })), ["2 failure: not-a-member"]);
  assert.deepEqual(told(stage.announce(stage.connect(), 1, { event: "stopped" })), [
    "3 failure: not-a-member",
  ]);
  assert.equal(stage.webTorrent.swarms.members, 2);
});

test("a reconnect from the same address takes the dead connection's place at once", () => {
  const stage = new TrackerStage();
  const other = stage.peer(2);
  const dead = stage.peer(1);
  const alive = stage.connect({ address: "192.0.2.1" });
  assert.deepEqual(told(stage.announce(alive, 1)), ["2 closed: replaced", "3 reply"]);
  assert.deepEqual(stage.announce(dead, 1), [], "a replaced connection was heard");
  assert.deepEqual(
    stage
      .offer(other, 2, 5)
      .slice(1)
      .map(({ to }) => to),
    [alive],
  );
  stage.disconnect(dead);
  assert.equal(stage.webTorrent.swarms.members, 2);
});

test("the same id from another address is a member of its own and takes nothing", () => {
  const stage = new TrackerStage();
  const owner = stage.peer(1);
  const mallory = stage.connect({ address: "198.51.100.1" });
  assert.deepEqual(told(stage.announce(mallory, 1)), ["2 reply"]);
  const other = stage.connect({ address: "198.51.100.2" });
  const receivers = stage
    .offer(other, 2, 5)
    .slice(1)
    .map(({ to }) => to);
  assert.deepEqual(new Set(receivers), new Set([owner, mallory]));
  assert.deepEqual(told(stage.announce(owner, 1, { event: "stopped" })), ["1 reply"]);
  assert.equal(stage.webTorrent.swarms.members, 2);
});

test("a seeder is counted as one when it says so or completes, and a completion counts once", () => {
  const stage = new TrackerStage();
  const connection = stage.peer(1);
  const counts = () => {
    const files = Object(trackerMessage(stage.text(connection, scrapeText(hashNo(1)))[0]).files);
    const { complete, incomplete, downloaded } = files[hashNo(1)];
    return [complete, incomplete, downloaded];
  };
  assert.deepEqual(counts(), [0, 1, 0]);
  stage.announce(connection, 1, { event: "completed", left: 0 });
  stage.announce(connection, 1, { event: "completed", left: 0 });
  assert.deepEqual(counts(), [1, 0, 1]);
  stage.announce(connection, 1, { left: 7 });
  assert.deepEqual(counts(), [0, 1, 1]);
  stage.peer(2, { event: "completed", left: 0 });
  assert.deepEqual(counts(), [1, 1, 1], "who came complete has downloaded nothing here");
});

test("a scrape is told of the swarms that it names, with zeros for one that is not here", () => {
  const stage = new TrackerStage();
  const connection = stage.peer(1, { left: 0 });
  assert.deepEqual(trackerMessage(stage.text(connection, scrapeText([hashNo(1), hashNo(2)]))[0]), {
    action: "scrape",
    files: {
      [hashNo(1)]: { complete: 1, incomplete: 0, downloaded: 0 },
      [hashNo(2)]: { complete: 0, incomplete: 0, downloaded: 0 },
    },
    flags: { min_request_interval: 120 },
  });
  assert.equal(stage.webTorrent.swarms.size, 1);
});

test("two peers on one connection are two members, and go with it", () => {
  const stage = new TrackerStage();
  const both = stage.peer(1);
  stage.announce(both, 2);
  stage.announce(both, 2, { info_hash: hashNo(2) });
  assert.deepEqual([stage.webTorrent.swarms.size, stage.webTorrent.swarms.members], [2, 3]);
  assert.deepEqual(told(stage.offer(both, 1)), ["1 reply", "1 offer"]);
  stage.disconnect(both);
  const { swarms, identities } = stage.webTorrent;
  assert.deepEqual([swarms.size, swarms.members, identities.size], [0, 0, 0]);
});

test("steps of introductions and announces are counted", () => {
  const stage = new TrackerStage();
  const receiver = stage.peer(2);
  stage.offer(stage.connect(), 1, 3);
  stage.text(receiver, answerText());
  const { announces, introductions, messagesReceived } = stage.counts.webtorrent;
  assert.deepEqual([announces, messagesReceived], [2, 3]);
  assert.deepEqual([introductions.offer, introductions.answer], [1, 1]);
});

test("who announces no more is gone in time from the swarms that it was silent in, and its socket lives on", () => {
  const stage = new TrackerStage({ webTorrentIntervalMs: 100 * second });
  const page = stage.peer(1);
  stage.announce(page, 2);
  stage.announce(page, 2, { info_hash: hashNo(2) });
  for (stage.now = 0; stage.now <= 250 * second; stage.now += 50 * second) {
    stage.announce(page, 2);
    assert.deepEqual(stage.sweep(), []);
    assert.equal(stage.webTorrent.swarms.members, 3);
  }
  stage.now += 50 * second;
  stage.announce(page, 2);
  stage.sweep();
  const { swarms } = stage.webTorrent;
  assert.deepEqual([swarms.size, swarms.members, swarms.get(hashNo(1))?.incomplete], [1, 1, 1]);
  assert.deepEqual(told(stage.announce(page, 1)), ["1 reply"]);
  assert.equal(swarms.members, 2);
});

test("a claim from the same address ends one peer id of a connection, and the connection with the last of them", () => {
  const stage = new TrackerStage();
  const shared = stage.peer(1);
  stage.announce(shared, 2);
  const other = stage.connect({ address: "192.0.2.1" });
  assert.deepEqual(told(stage.announce(other, 1)), ["2 reply"]);
  assert.deepEqual(told(stage.announce(shared, 2)), ["1 reply"]);
  assert.deepEqual(told(stage.announce(other, 2)), ["1 closed: replaced", "2 reply"]);
  assert.equal(stage.webTorrent.swarms.members, 2);
});

test("the swarms of all peer ids on a connection count together", () => {
  const stage = new TrackerStage({ maxRoomsPerPeer: 2 });
  const shared = stage.peer(1);
  stage.announce(shared, 2);
  assert.deepEqual(told(stage.announce(shared, 3)), ["1 failure: too-many-rooms"]);
  assert.deepEqual(told(stage.announce(shared, 2)), ["1 reply"]);
});

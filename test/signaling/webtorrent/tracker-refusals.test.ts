import assert from "node:assert/strict";
import { test } from "node:test";
import type { Delivery } from "#signaling/delivery.ts";
import { told } from "../support/stage.ts";
import { TrackerStage, trackerMessage } from "../support/tracker-stage.ts";
import { announceText, answerText, hashNo, hexOf, scrapeText } from "../support/tracker-texts.ts";

/** A failure's code and all else that it says. */
function failure(deliveries: readonly Delivery[]) {
  const { "failure reason": reason, ...about } = trackerMessage(deliveries.at(-1));
  return { code: /\(([a-z-]+)\)$/.exec(String(reason))?.[1], ...about };
}

const about = (n: number) => ({ action: "announce", info_hash: hashNo(n) });

test("a failure names the action and the info hash, as far as they could be read", () => {
  const stage = new TrackerStage({ maxMessageBytes: 5000 });
  const connection = stage.connect();
  const say = (text: string) => failure(stage.text(connection, text));
  // Without an info hash bittorrent-tracker's client throws at an announce's answer, and not at an unknown action.
  for (const [code, text] of [
    ["malformed", "{"],
    ["too-large", "x".repeat(5001)],
    ["unknown-type", '{"action":"dance"}'],
    ["malformed", announceText({ info_hash: 7 })],
  ] as const)
    assert.deepEqual(say(text), { code, action: code });
  assert.deepEqual(say(announceText({ peer_id: 7 })), { code: "malformed", ...about(1) });
  assert.deepEqual(say(answerText()), { code: "not-a-member", ...about(1) });
  assert.deepEqual(say(scrapeText(undefined)), { code: "malformed", action: "scrape" });
});

test("a token's contents are all that its holder announces, scrapes and answers in", () => {
  const stage = new TrackerStage();
  const connection = stage.connect({ grant: { contents: new Set([hexOf(hashNo(1))]) } });
  assert.deepEqual(told(stage.announce(connection, 1)), ["1 reply"]);
  const refused = { code: "content-not-allowed", ...about(2) };
  assert.deepEqual(failure(stage.announce(connection, 1, { info_hash: hashNo(2) })), refused);
  assert.deepEqual(
    failure(stage.announce(connection, 1, { info_hash: hashNo(2), event: "stopped" })),
    refused,
  );
  assert.deepEqual(told(stage.text(connection, scrapeText(hashNo(1)))), ["1 scrape"]);
  assert.deepEqual(failure(stage.text(connection, scrapeText([hashNo(1), hashNo(2)]))), {
    ...refused,
    action: "scrape",
  });
  assert.equal(stage.webTorrent.swarms.size, 1);
});

test("swarms, members and swarms of one peer beyond their limits are refused, and those within are not", () => {
  const stage = new TrackerStage({ maxRooms: 2, maxMembersPerRoom: 2, maxRoomsPerPeer: 1 });
  const first = stage.peer(1);
  const to = (n: number) => ({ info_hash: hashNo(n) });
  assert.deepEqual(failure(stage.announce(first, 1, to(2))), { code: "too-many-rooms", ...about(2) });
  stage.peer(2);
  const third = stage.connect();
  assert.deepEqual(failure(stage.announce(third, 3)), { code: "room-full", ...about(1) });
  assert.deepEqual(told(stage.announce(first, 1, { left: 0 })), ["1 reply"], "a member says so again");
  assert.deepEqual(told(stage.announce(third, 3, to(2))), ["3 reply"]);
  assert.deepEqual(failure(stage.announce(stage.connect(), 4, to(3))), {
    code: "too-many-rooms",
    ...about(3),
  });
  stage.announce(first, 1, { event: "stopped" });
  assert.deepEqual(told(stage.announce(first, 1)), ["1 reply"]);
  assert.deepEqual([stage.webTorrent.swarms.size, stage.webTorrent.swarms.members], [2, 3]);
});

test("an address that has opened its share of the swarms joins those of others, and opens one when one of its own is gone", () => {
  const stage = new TrackerStage({ maxRoomsPerAddress: 2 });
  const to = (n: number) => ({ info_hash: hashNo(n) });
  const [one, two] = [stage.connect({ address: "192.0.2.1" }), stage.connect({ address: "192.0.2.1" })];
  stage.announce(one, 1, to(1));
  stage.announce(two, 2, to(2));
  const refused = { code: "too-many-rooms", ...about(3) };
  assert.deepEqual(failure(stage.announce(one, 1, to(3))), refused);
  stage.peer(3, to(3));
  assert.deepEqual(told(stage.announce(one, 1, to(3))), ["1 reply"]);
  stage.announce(two, 2, { ...to(2), event: "stopped" });
  assert.deepEqual(told(stage.announce(one, 1, to(4))), ["1 reply"]);
  assert.deepEqual(failure(stage.announce(two, 2, to(5))), { code: "too-many-rooms", ...about(5) });
});

test("peer ids beyond those of a connection, and connections beyond those of an id, are refused", () => {
  const stage = new TrackerStage({ maxMembersPerRoom: 1000 });
  const crowded = stage.connect({ address: "192.0.2.200" });
  for (let n = 0; n < 32; n++) assert.deepEqual(told(stage.announce(crowded, n)), ["1 reply"]);
  assert.deepEqual(failure(stage.announce(crowded, 99)), { code: "already-greeted", ...about(1) });
  for (let n = 0; n < 3; n++) stage.announce(stage.connect({ address: `192.0.2.${n}` }), 1);
  const late = stage.connect({ address: "198.51.100.1" });
  assert.deepEqual(failure(stage.announce(late, 1)), { code: "already-greeted", ...about(1) });
});

test("a scrape of more swarms than may be is too large", () => {
  const stage = new TrackerStage({ maxScrapeHashes: 2 });
  const hashes = [1, 2, 3].map(hashNo);
  assert.deepEqual(failure(stage.text(stage.connect(), scrapeText(hashes))), {
    code: "too-large",
    action: "scrape",
  });
});

test("who has only been refused has not said who it is, and who has scraped has", () => {
  const stage = new TrackerStage({ greetingTimeoutMs: 1000 });
  const contents = new Set([hexOf(hashNo(1))]);
  const connections = [1, 2, 3].map(() => stage.connect({ grant: { contents } }));
  const [stranger, scraper, member] = connections;
  assert.ok(stranger && scraper && member);
  stage.text(stranger, "{");
  stage.announce(stranger, 1, { info_hash: hashNo(2) });
  stage.text(scraper, scrapeText(hashNo(1)));
  stage.announce(member, 1);
  stage.now = 1000;
  assert.deepEqual(told(stage.sweep()), ["1 failure: not-greeted", "1 closed: not-greeted"]);
});

test("who is sent away is told so in the protocol's words, about a swarm that it is in", () => {
  const stage = new TrackerStage({ messageRate: 1, messageBurst: 1, maxRefusedMessages: 1 });
  const connection = stage.peer(1);
  assert.deepEqual(failure(stage.announce(connection, 1)), { code: "rate-limited", ...about(1) });
  const [farewell, close] = stage.announce(connection, 1);
  assert.deepEqual(
    [failure(farewell ? [farewell] : []), close],
    [
      { code: "rate-limited", ...about(1) },
      { type: "close", to: connection, reason: "rate-limited" },
    ],
  );
  const other = stage.peer(2);
  const [draining] = stage.service.drain(1, stage.now);
  assert.deepEqual(
    [draining?.to, failure(draining ? [draining] : [])],
    [other, { code: "draining", ...about(1) }],
  );
});

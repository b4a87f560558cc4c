import assert from "node:assert/strict";
import { test } from "node:test";
import { idHash } from "#signaling/webtorrent/id-hash.ts";
import { goodAnnounce, goodMessage, LIMITS, refusalOf, withField } from "../support/read-tracker-text.ts";
import {
  announceText,
  answerText,
  escaped,
  hashNo,
  offerIdNo,
  offers,
  peerIdNo,
  scrapeText,
} from "../support/tracker-texts.ts";

const ABOUT = { action: "announce", infoHash: hashNo(1) };
const NO_IDS = [
  "null",
  "7",
  "true",
  "[]",
  "{}",
  '""',
  JSON.stringify("x".repeat(19)),
  JSON.stringify("x".repeat(21)),
  // Twenty characters that are not bytes, and twenty that are more UTF-16 units.
  JSON.stringify("ā".repeat(20)),
  JSON.stringify("😀".repeat(10)),
  JSON.stringify(["x".repeat(20)]),
  `"${"x".repeat(5000)}"`,
];

test("an announce is read with what it says", () => {
  assert.deepEqual(goodAnnounce(announceText({ event: "started", left: 5, numwant: 2, offers: offers(1) })), {
    type: "announce",
    infoHash: hashNo(1),
    peerId: peerIdNo(1),
    event: "started",
    isSeeder: false,
    numwant: 2,
    offers: [
      {
        offer: '{"type":"offer","sdp":"o0"}',
        idText: Buffer.from(JSON.stringify(offerIdNo(0))).toString("latin1"),
        idHash: idHash(offerIdNo(0)),
      },
    ],
  });
});

test("an answer is read with what it says", () => {
  const answer = { type: "answer", sdp: "a" };
  assert.deepEqual(goodMessage(answerText()), {
    type: "answer",
    infoHash: hashNo(1),
    peerId: peerIdNo(2),
    toPeerId: peerIdNo(1),
    offerId: offerIdNo(0),
    offerIdText: Buffer.from(JSON.stringify(offerIdNo(0))).toString("latin1"),
    answer: JSON.stringify(answer),
  });
});

test("a scrape names one swarm or some, never none and never all", () => {
  assert.deepEqual(goodMessage(scrapeText(hashNo(1))), { type: "scrape", infoHashes: [hashNo(1)] });
  const both = [hashNo(1), hashNo(2)];
  assert.deepEqual(goodMessage(scrapeText(both)), { type: "scrape", infoHashes: both });
  const about = { code: "malformed", action: "scrape" };
  for (const wrong of [
    undefined,
    null,
    7,
    true,
    "",
    [],
    {},
    [7],
    [null],
    [hashNo(1), 7],
    [[hashNo(1)]],
    "x",
  ]) {
    assert.deepEqual(refusalOf(scrapeText(wrong)), about, JSON.stringify(wrong));
  }
  const tooMany = scrapeText([hashNo(1), hashNo(2), hashNo(3)]);
  assert.deepEqual(refusalOf(tooMany), { code: "too-large", action: "scrape" });
});

for (const [name, text] of [
  ["info_hash", announceText()],
  ["peer_id", announceText()],
  ["to_peer_id", answerText()],
  ["offer_id", answerText()],
] as const) {
  test(`"${name}" is twenty bytes and nothing else`, () => {
    const about = name === "info_hash" ? { action: "announce", infoHash: undefined } : ABOUT;
    for (const json of NO_IDS)
      assert.deepEqual(refusalOf(withField(text, name, json)), { code: "malformed", ...about }, json);
    const { [name]: _, ...others } = JSON.parse(text);
    assert.deepEqual(refusalOf(JSON.stringify(others)), { code: "malformed", ...about });
  });
}

test("ids of every byte are read, written as characters or as escapes, in names too", () => {
  const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
  for (let start = 0; start < 256; start += 20) {
    const id = [...bytes, ...bytes].slice(start, start + 20).join("");
    assert.equal(goodAnnounce(announceText({ info_hash: id })).infoHash, id);
    assert.equal(goodAnnounce(withField(announceText(), "info_hash", escaped(id))).infoHash, id);
  }
  const named = `{${escaped("action")}:${escaped("announce")},${escaped("info_hash")}:${escaped(hashNo(1))},`;
  const { infoHash, isSeeder } = goodAnnounce(`${named}"peer_id":${escaped(peerIdNo(1))},"l\\u0065ft":0}`);
  assert.deepEqual([infoHash, isSeeder], [hashNo(1), true]);
});

test("of two fields with one name the last counts, as JSON.parse has it", () => {
  const twice = (name: string, json: string) => `${announceText().slice(0, -1)},"${name}":${json}}`;
  assert.equal(goodAnnounce(twice("info_hash", JSON.stringify(hashNo(2)))).infoHash, hashNo(2));
  assert.equal(refusalOf(twice("info_hash", "7")).code, "malformed");
  assert.equal(refusalOf(twice("action", '"dance"')).code, "unknown-type");
  const good = JSON.stringify(offers(1));
  const list = (first: string, last: string) => `${twice("offers", first).slice(0, -1)},"offers":${last}}`;
  assert.equal(goodAnnounce(list("7", good)).offers.length, 1);
  assert.equal(refusalOf(list(good, "7")).code, "malformed");
});

test("an event is one of the protocol's; none, null, empty, update and paused are updates", () => {
  for (const event of ["started", "completed", "stopped"])
    assert.equal(goodAnnounce(announceText({ event })).event, event);
  for (const event of [undefined, null, "", "empty", "update", "paused"])
    assert.equal(goodAnnounce(announceText({ event })).event, "update", String(event));
  for (const event of ["dance", "Started", 0, false, [], {}, ["started"], "constructor", "x".repeat(500)]) {
    // What is too long to be an event is as if it was not there.
    if (event === "x".repeat(500)) assert.equal(goodAnnounce(announceText({ event })).event, "update");
    else assert.deepEqual(refusalOf(announceText({ event })), { code: "malformed", ...ABOUT });
  }
});

test("who has nothing left is a seeder, and nobody else: not who does not know yet", () => {
  const isSeeder = (left: unknown) => goodAnnounce(announceText({ left })).isSeeder;
  assert.equal(isSeeder(0), true);
  assert.deepEqual([undefined, null, 1, -1, "0", "", false, [], {}].map(isSeeder), Array(9).fill(false));
});

test("a numwant that is no count is as none", () => {
  const numwant = (json: string) => goodAnnounce(withField(announceText(), "numwant", json)).numwant;
  assert.deepEqual(["0", "7", "1e3"].map(numwant), [0, 7, 1000]);
  const wrong = ["null", "-1", '"7"', "true", "[]", "{}"];
  assert.deepEqual(wrong.map(numwant), Array(wrong.length).fill(undefined));
});

test("what is not one JSON object in UTF-8 is malformed, and every other action is unknown", () => {
  for (const text of [
    "",
    " ",
    "{",
    "[]",
    "null",
    '"x"',
    "{}{}",
    `${announceText()},`,
    "\ufeff{}",
    "{'a':1}",
    "{a:1}",
  ])
    assert.deepEqual(refusalOf(text), { code: "malformed" }, text);
  for (const action of [undefined, null, "", "dance", 7, ["announce"], {}, "__proto__"])
    assert.deepEqual(refusalOf(announceText({ action })), { code: "unknown-type" });
});

test("a binary frame is read as its text, when it is UTF-8", () => {
  assert.equal(goodAnnounce(announceText(), true).infoHash, hashNo(1));
  const broken = Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff), Buffer.from('"}')]);
  assert.deepEqual(refusalOf(broken, true), { code: "malformed" });
});

test("a message over the limit is refused before it is looked into", () => {
  const text = announceText({ pad: "x".repeat(LIMITS.maxMessageBytes) });
  assert.deepEqual(refusalOf(text), { code: "too-large" });
  const fitting = announceText({ pad: "" });
  const pad = "x".repeat(LIMITS.maxMessageBytes - Buffer.byteLength(fitting));
  assert.equal(goodAnnounce(announceText({ pad })).infoHash, hashNo(1));
});

test("a message that is nested deeply is malformed", () => {
  const deep = `${"[".repeat(4000)}${"]".repeat(4000)}`;
  for (const name of ["offers", "answer", "info_hash", "anything"])
    assert.deepEqual(refusalOf(withField(announceText(), name, deep)), { code: "malformed" });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { idHash } from "#signaling/webtorrent/id-hash.ts";
import { goodAnnounce, goodMessage, refusalOf, withField } from "../support/read-tracker-text.ts";
import { announceText, answerText, escaped, hashNo, offerIdNo, offers } from "../support/tracker-texts.ts";

const ABOUT = { action: "announce", infoHash: hashNo(1) };

test("offers are a list of descriptions with ids; null and nothing are no offers", () => {
  const given = (json: string) => withField(announceText(), "offers", json);
  assert.deepEqual(goodAnnounce(announceText()).offers, []);
  for (const none of ["[]", "null"]) assert.deepEqual(goodAnnounce(given(none)).offers, []);
  for (const wrong of [
    "7",
    "1234",
    "true",
    "{}",
    "{  }",
    '"no"',
    '""',
    "[null]",
    "[7]",
    "[[]]",
    "[{}]",
    '["x"]',
  ])
    assert.deepEqual(refusalOf(given(wrong)), { code: "malformed", ...ABOUT }, wrong);
});

test("an offer with anything wrong in it makes the announce malformed", () => {
  const [good] = offers(1);
  const wrongs = [
    { ...good, offer: undefined },
    ...[
      null,
      7,
      "sdp",
      [],
      {},
      { type: "offer" },
      { sdp: "o" },
      { type: 1, sdp: "o" },
      { type: "offer", sdp: 1 },
    ].map((offer) => ({ ...good, offer })),
    ...[undefined, null, 7, [], {}, "short", "x".repeat(21), "ā".repeat(20), "x".repeat(1000)].map(
      (offer_id) => ({
        ...good,
        offer_id,
      }),
    ),
  ];
  for (const wrong of wrongs)
    assert.equal(refusalOf(announceText({ offers: [good, wrong] })).code, "malformed", JSON.stringify(wrong));
});

test("an answer with anything wrong in its description is malformed, and no announce", () => {
  for (const answer of [7, "sdp", [], {}, { type: "answer" }, { sdp: "a" }, { type: "answer", sdp: null }])
    assert.deepEqual(
      refusalOf(answerText({ answer })),
      { code: "malformed", ...ABOUT },
      JSON.stringify(answer),
    );
});

test("an answer that is null is none, as with offers", () => {
  assert.equal(goodAnnounce(announceText({ answer: null, offers: null })).type, "announce");
});

test("offers beyond the most are left out, whatever they are, as long as they are JSON", () => {
  const read = goodAnnounce(announceText({ offers: [...offers(5), null, 7] })).offers;
  const sdps = read.map(({ offer }) => JSON.parse(offer).sdp);
  assert.deepEqual(sdps, ["o0", "o1", "o2"]);
  const text = announceText({ offers: offers(5) });
  assert.deepEqual(refusalOf(text.replace('"o4"', "o4")), { code: "malformed" });
});

test("descriptions are handed on byte for byte, with escapes, spaces and fields that nobody knows", () => {
  const offer = '{ "sdp" : "é😀\\ud800\\u0000\\/" , "type":"offer", "extra": [1.0, {"a": null}] }';
  const id = escaped(offerIdNo(1));
  const list = `[ { "x": 1, "offer_id" : ${id} , "offer" : ${offer} } ]`;
  const [read] = goodAnnounce(withField(announceText(), "offers", list)).offers;
  assert.equal(Buffer.from(read?.offer ?? "", "latin1").toString(), offer);
  assert.deepEqual([read?.idHash, read?.idText], [idHash(offerIdNo(1)), id]);
  const answer = goodMessage(withField(answerText(), "answer", offer));
  assert.ok(answer.type === "answer");
  assert.equal(Buffer.from(answer.answer, "latin1").toString(), offer);
});

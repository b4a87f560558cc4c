import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { textFrame } from "#signaling/server/text-frame.ts";
import { wireText } from "#signaling/wire-text.ts";
import { contentNo, dialNo, identity } from "../support/identities.ts";
import { runningServer } from "../support/running-server.ts";
import { TestClient } from "../support/test-client.ts";
import { TrackerClient } from "../support/tracker-client.ts";
import { announceText, answerText, escaped, hashNo, offerIdNo, peerIdNo } from "../support/tracker-texts.ts";

test("any text goes on the wire as its UTF-8, one byte a character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.deepEqual(Buffer.from(wireText(text), "latin1"), Buffer.from(text, "utf8"));
    }),
  );
});

test("a frame's length takes one byte, three or nine, as RFC 6455 has it", () => {
  const head = (length: number, bytes: number) =>
    Buffer.from(textFrame(wireText("x".repeat(length))), "latin1").toString("hex", 0, bytes);
  assert.deepEqual([head(0, 2), head(125, 2)], ["8100", "817d"]);
  assert.deepEqual([head(126, 4), head(65_535, 4)], ["817e007e", "817effff"]);
  assert.deepEqual([head(65_536, 10), head(0x123456, 10)], ["817f0000000000010000", "817f0000000000123456"]);
  for (const [length, total] of [
    [125, 127],
    [126, 130],
    [65_535, 65_539],
    [65_536, 65_546],
  ] as const)
    assert.equal(textFrame(wireText("x".repeat(length))).length, total);
});

test("ids of every byte and descriptions of any text arrive as they were sent, whoever sends them", async (t) => {
  const server = await runningServer(t);
  const bytes = Array.from({ length: 260 }, (_, code) => String.fromCharCode(code % 256)).join("");
  const [a, b] = [await TrackerClient.connect(server.url), await TrackerClient.connect(server.url)];
  for (let start = 0; start < 260; start += 20) {
    const id = bytes.slice(start, start + 20);
    assert.equal((await a.announce(1, { info_hash: id })).info_hash, id);
    await b.announce(2, { info_hash: id });
    // As it is, and with lone surrogates and all the rest as escapes.
    for (const sdp of [JSON.stringify("v=0 é 😀 \u2028 \u0000"), escaped("\ud800 \udfff é \u0000 x")]) {
      const offer = `{"sdp":${sdp}, "type":"offer"}`;
      const list = `[{"offer":${offer},"offer_id":${JSON.stringify(id)}}]`;
      const text = `${announceText({ info_hash: id, left: 1 }).slice(0, -1)},"offers":${list}}`;
      a.say(text);
      await a.next();
      const got = await b.nextText();
      const ids = `"info_hash":${JSON.stringify(id)},"peer_id":${JSON.stringify(peerIdNo(1))}`;
      assert.equal(got, `{"action":"announce",${ids},"offer":${offer},"offer_id":${JSON.stringify(id)}}`);
      const answer = `{"type":"answer","sdp":${sdp}}`;
      const about = answerText({ info_hash: id, offer_id: id, answer: undefined }).slice(0, -1);
      b.say(`${about},"answer":${answer}}`);
      assert.ok((await a.nextText()).includes(`,"answer":${answer},`));
    }
  }
});

test("an offer id written with escapes comes back as it was written, and is answered in any spelling", async (t) => {
  const server = await runningServer(t);
  const [a, b] = [await TrackerClient.connect(server.url), await TrackerClient.connect(server.url)];
  await b.announce(2);
  const list = `[{"offer":{"type":"offer","sdp":""},"offer_id":${escaped(offerIdNo(0))}}]`;
  a.say(`${announceText({ left: 1 }).slice(0, -1)},"offers":${list}}`);
  await a.next();
  assert.ok((await b.nextText()).endsWith(`,"offer_id":${escaped(offerIdNo(0))}}`));
  b.say(answerText());
  assert.equal((await a.next()).offer_id, offerIdNo(0));
});

test("failures name info hashes of any bytes, and replies to scrapes too", async (t) => {
  const server = await runningServer(t);
  const client = await TrackerClient.connect(server.url);
  client.say(answerText({ info_hash: hashNo(5) }));
  assert.equal((await client.next()).info_hash, hashNo(5));
  client.say(JSON.stringify({ action: "scrape", info_hash: [hashNo(5), "\u0080".repeat(20)] }));
  assert.deepEqual(Object.keys(Object((await client.next()).files)), [hashNo(5), "\u0080".repeat(20)]);
});

test("messages of every length around the limits of a frame's head arrive whole", async (t) => {
  const server = await runningServer(t, { maxMessageBytes: 200_000 });
  const [a, b] = [await TrackerClient.connect(server.url), await TrackerClient.connect(server.url)];
  await b.announce(2);
  const offerOf = (sdp: string) => ({ offers: [{ offer: { type: "offer", sdp }, offer_id: offerIdNo(0) }] });
  await a.announce(1, offerOf(""));
  const overhead = Buffer.byteLength(await b.nextText());
  for (const length of [overhead, 0xfffe, 0xffff, 0x10000, 0x10001, 150_000]) {
    const sdp = "x".repeat(length - overhead);
    await a.announce(1, offerOf(sdp));
    const text = await b.nextText();
    assert.equal(Buffer.byteLength(text), length);
    assert.equal(JSON.parse(text).offer.sdp, sdp);
  }
});

test("on Rivulet's own path a signal with any text arrives as it was sent", async (t) => {
  const server = await runningServer(t);
  const content = contentNo(1);
  const [a, b] = [
    await TestClient.greet(server.url, identity(1)),
    await TestClient.greet(server.url, identity(2)),
  ];
  await a.announce(content);
  await b.announce(content);
  const lengths: number[] = [];
  b.socket.on("message", (data) => lengths.push(Buffer.byteLength(data.toString())));
  for (const sdp of ["é😀\u2028\u0000\u007f\u0080ÿ", "\ud800 alone", "😀".repeat(100), "x".repeat(40_000)]) {
    const signal = { type: "offer", sdp, ключ: "значение" };
    a.say({ type: "introduce", to: identity(2).peer, content, dial: dialNo(1), signal });
    assert.deepEqual((await b.next("introduce")).signal, signal);
  }
  assert.equal(lengths.length, 4);
});

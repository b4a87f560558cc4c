import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeClientMessage, MAX_SIGNAL_BYTES, MAX_SIGNAL_DEPTH, RivuletError } from "@rivulet/sdk/protocol";
import fc from "fast-check";
import { stepOf } from "#signaling/operation/counts.ts";
import { scanIntroduction } from "#signaling/rivulet/scan-introduction.ts";
import { hostileText } from "../support/hostile.ts";
import { contentNo, dialNo, identity } from "../support/identities.ts";
import { escaped } from "../support/tracker-texts.ts";

const head = JSON.stringify({
  type: "introduce",
  to: identity(1).peer,
  content: contentNo(1),
  dial: dialNo(1),
});
/** An introduction with this JSON as its signal, and other fields after it. */
const withSignal = (json: string, others = "") => `${head.slice(0, -1)},"signal":${json}${others}}`;

/** What the scanner takes the protocol's decoder takes as well, and both read the same in it. */
function agrees(text: string): void {
  const scanned = scanIntroduction(Buffer.from(text));
  // Ids are not looked into: what is none is in no swarm, and nothing comes of it.
  if (!scanned || !/^[0-9a-f]{32}$/.test(scanned.to) || !/^[0-9a-f]{64}$/.test(scanned.content)) return;
  const message = decodeClientMessage(Buffer.from(text).toString());
  assert.ok(message.type === "introduce");
  const { to, content, dial, signal, step } = scanned;
  assert.deepEqual([to, content, dial], [message.to, message.content, message.dial]);
  assert.deepEqual(JSON.parse(Buffer.from(signal, "latin1").toString()), message.signal);
  assert.equal(step, stepOf(message.signal));
}

const name = fc.oneof(
  fc.constantFrom(
    "type",
    "sdp",
    "signal",
    "to",
    "content",
    "dial",
    "__proto__",
    "constructor",
    "prototype",
    "x",
  ),
  fc.string({ maxLength: 12 }),
);
const spelled = fc.oneof(
  name.map((text) => JSON.stringify(text)),
  name.map(escaped),
);
const leaf = fc.oneof(
  fc.constantFrom(
    '"offer"',
    '"answer"',
    '"candidate"',
    '"introduce"',
    '"hello"',
    "1",
    "null",
    '["\\n"]',
    '{"a":"\\u0041"}',
  ),
  spelled,
  fc.json({ maxDepth: 2 }),
);
const signal = fc
  .array(fc.tuple(spelled, leaf), { maxLength: 4 })
  .map((fields) => `{${fields.map(([key, json]) => `${key}:${json}`).join(",")}}`);

test("an introduction is read with its signal as it was written", () => {
  const written = '{ "type" : "offer" , "sdp":"é😀\\u00e9\\ud800" }';
  assert.deepEqual(scanIntroduction(Buffer.from(withSignal(written))), {
    to: identity(1).peer,
    content: contentNo(1),
    dial: dialNo(1),
    signal: Buffer.from(written).toString("latin1"),
    step: "offer",
  });
});

test("whatever a signal and the fields beside it hold, the scanner takes nothing that the decoder refuses", () => {
  const others = fc
    .array(fc.tuple(spelled, leaf), { maxLength: 2 })
    .map((fields) => fields.map(([key, json]) => `,${key}:${json}`).join(""));
  fc.assert(
    fc.property(signal, others, (json, more) => agrees(withSignal(json, more))),
    { numRuns: 5000 },
  );
});

test("whatever a hostile peer sends, the scanner throws nothing and takes nothing that the decoder refuses", () => {
  fc.assert(fc.property(hostileText(), agrees), { numRuns: 5000 });
});

test("ordinary introductions are taken: it is not left to the decoder to read them all", () => {
  const fields = fc.dictionary(
    fc.constantFrom("type", "sdp", "candidate", "sdpMid"),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fields, (ordinary) => {
      assert.ok(scanIntroduction(Buffer.from(withSignal(JSON.stringify(ordinary)))));
    }),
  );
});

test("the bounds of a signal are those of the decoder: its levels, its size and its names", () => {
  const levels = (count: number) => `${'{"a":'.repeat(count - 1)}{}${"}".repeat(count - 1)}`;
  const sized = (bytes: number) => `{"a":"${"x".repeat(bytes - 8)}"}`;
  for (const good of [levels(MAX_SIGNAL_DEPTH), sized(MAX_SIGNAL_BYTES)]) {
    assert.ok(scanIntroduction(Buffer.from(withSignal(good))));
    decodeClientMessage(withSignal(good));
  }
  const wrong = [levels(MAX_SIGNAL_DEPTH + 1), sized(MAX_SIGNAL_BYTES + 1), "[]", "7", "null", '"x"'];
  const poisoned = ["__proto__", "constructor", "prototype"].flatMap((key) => [`"${key}"`, escaped(key)]);
  for (const bad of [...wrong, ...poisoned.flatMap((key) => [`{${key}:1}`, `{"a":[{${key}:{}}]}`])]) {
    assert.equal(scanIntroduction(Buffer.from(withSignal(bad))), undefined, bad.slice(0, 60));
    assert.throws(() => decodeClientMessage(withSignal(bad)), RivuletError);
  }
});

import fc from "fast-check";
import { announceText, answerText, hashNo, offers, peerIdNo, scrapeText } from "./tracker-texts.ts";

/** One valid message of each kind: what mutations start from. Peer 0 may be there, and so may swarm 1. */
const VALID_TEXTS: readonly string[] = [
  announceText({ event: "started", left: 5, numwant: 5, offers: offers(5) }),
  announceText({ event: "completed", left: 0 }),
  announceText({ event: "stopped" }),
  announceText({ peer_id: peerIdNo(0), offers: offers(2) }),
  answerText({ to_peer_id: peerIdNo(0) }),
  answerText(),
  scrapeText(hashNo(1)),
  scrapeText([hashNo(1), hashNo(2)]),
];

const FIELDS = [
  ...["action", "info_hash", "peer_id", "event", "left", "numwant", "offers", "answer", "to_peer_id"],
  ...["offer_id", "offer", "type", "sdp", "__proto__", "constructor", "failure reason"],
];

const twenty = fc
  .array(fc.nat(0xff), { minLength: 19, maxLength: 21 })
  .map((codes) => JSON.stringify(String.fromCharCode(...codes)));
const value = fc.oneof(
  fc.json({ maxDepth: 2 }),
  twenty,
  fc.constantFrom("null", "0", "-1", "1e999", '""', "[null]", "[[]]", "true", '"\\ud800"', '"stopped"'),
);

/** What an attacker, or a client with a bug, would send to a tracker. */
export function hostileTrackerText(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: withWrongFields() },
    { weight: 2, arbitrary: withWrongOffer() },
    { weight: 3, arbitrary: spliced() },
    { weight: 1, arbitrary: nested() },
    { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
    { weight: 1, arbitrary: fc.constantFrom(...VALID_TEXTS) },
    {
      weight: 1,
      arbitrary: fc.nat(1000).map((n) => announceText({ info_hash: hashNo(n), offers: offers(3) })),
    },
  );
}

/** A valid message with one field or two replaced by anything; a name that comes twice among them. */
function withWrongFields(): fc.Arbitrary<string> {
  const fields = fc.array(fc.tuple(fc.constantFrom(...FIELDS), value), { minLength: 1, maxLength: 2 });
  return fc
    .tuple(fc.constantFrom(...VALID_TEXTS), fields)
    .map(([text, all]) => all.reduce((so, [name, json]) => `${so.slice(0, -1)},"${name}":${json}}`, text));
}

function withWrongOffer(): fc.Arbitrary<string> {
  const offer = fc
    .tuple(fc.constantFrom("offer", "offer_id", "sdp"), value, value)
    .map(
      ([name, json, other]) =>
        `{"offer":{"type":"offer","sdp":${other}},"offer_id":${other},"${name}":${json}}`,
    );
  return fc
    .array(offer, { maxLength: 12 })
    .map((list) => `${announceText().slice(0, -1)},"offers":[${list.join(",")}]}`);
}

/** A valid message with a stretch cut out and noise in its place. */
function spliced(): fc.Arbitrary<string> {
  const noise = fc.oneof(
    fc.string({ maxLength: 4 }),
    fc.constantFrom("", '"', "\\", "{", "}", "[", ",", ":", "null", "\\u0000", "\\u00", "1e999", "\n"),
  );
  return fc
    .tuple(fc.constantFrom(...VALID_TEXTS), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), noise)
    .map(([text, where, length, put]) => {
      const at = Math.floor(where * text.length);
      return text.slice(0, at) + put + text.slice(at + length);
    });
}

function nested(): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom(...VALID_TEXTS),
      fc.constantFrom(...FIELDS),
      fc.constantFrom("[", '{"offer":'),
      fc.nat(2000),
    )
    .map(([text, name, open, levels]) => {
      const close = open === "[" ? "]" : "}";
      return `${text.slice(0, -1)},"${name}":${open.repeat(levels)}0${close.repeat(levels)}}`;
    });
}

import { type Random, seededRandom } from "#sdk/protocol/index.ts";
import { SDP } from "./sdp.ts";

type Fields = Readonly<Record<string, unknown>>;

const HASH = "\u00c0\u0001hash of a swarm 20";
const PEER = "-WW0208-\u00ff\u0080\u0000peer 0 1";
const OTHER = "-WW0208-\u00ff\u0080\u0000peer 0 2";
const OFFER = { offer: { type: "offer", sdp: SDP }, offer_id: "\u0007offer id of a dial " };

const ANNOUNCE: Fields = {
  action: "announce",
  info_hash: HASH,
  peer_id: PEER,
  uploaded: 0,
  downloaded: 0,
  left: 5,
  numwant: 1,
  event: "started",
  offers: [OFFER],
};
/** One valid message of each kind. */
const VALID: readonly Fields[] = [
  ANNOUNCE,
  { ...ANNOUNCE, event: "stopped" },
  { ...ANNOUNCE, event: "completed", left: 0 },
  {
    ...ANNOUNCE,
    offers: undefined,
    to_peer_id: OTHER,
    answer: { type: "answer", sdp: SDP },
    offer_id: OFFER.offer_id,
  },
  { action: "scrape", info_hash: HASH },
  { action: "scrape", info_hash: [HASH, OTHER] },
  { action: "scrape" },
];
/** What stands where something else should. */
const WRONG: readonly unknown[] = [
  ...[null, undefined, true, false, 0, -1, 5, 2 ** 53, -(2 ** 40), 1e300, 0.5],
  ...["", "x", HASH, "x".repeat(21), "\u0100".repeat(20), "\ud800".repeat(20), "__proto__", "constructor"],
  ...[[], [null], [0], ["x"], [[]], [[[]]], [HASH, 5], Array(1000).fill(HASH), Array(300).fill(OFFER)],
  ...[
    {},
    { length: 20 },
    { length: 1e9 },
    { toString: 1 },
    { type: "offer" },
    { sdp: 5 },
    { 0: OFFER, length: 1 },
  ],
  ...[
    [{}],
    [{ offer: null }],
    [{ offer: OFFER }],
    [{ ...OFFER, offer_id: 5 }],
    [{ offer_id: HASH }],
    [OFFER, null],
  ],
];
const NAMES = [
  ...[
    "action",
    "info_hash",
    "peer_id",
    "to_peer_id",
    "offer_id",
    "offers",
    "offer",
    "answer",
    "event",
    "left",
  ],
  ...[
    "numwant",
    "uploaded",
    "downloaded",
    "trackerid",
    "key",
    "ip",
    "port",
    "compact",
    "type",
    "socket",
    "params",
  ],
];
/** Texts, as they stand, that other servers are known to trip over. */
const LITERAL: readonly string[] = [
  ...[
    "",
    " ",
    "{",
    "[",
    "null",
    "0",
    '"announce"',
    "[]",
    "{}",
    "true",
    "\u0000",
    "\ufeff{}",
    '{"action":"announce"}',
  ],
  '{"__proto__":{"action":"announce"}}',
  '{"action":"announce","action":5}',
  '{"action":"announce","info_hash":{"__proto__":null}}',
];
const SURROGATE = "\ud83d\ude00";
const DEEP = 20_000;
const LARGE_CHARACTERS = 70_000;
const HUGE_CHARACTERS = 300_000;

/** The n-th hostile message to a WebTorrent tracker, the same for the same seed. */
export function hostileAnnounce(seed: number, no: number): string {
  const random = seededRandom((seed * 1_000_003 + no) >>> 0);
  const fields = pick(random, VALID);
  const kind = random.next();
  if (kind < 0.05) return pick(random, LITERAL);
  if (kind < 0.1) return deep(random, fields);
  if (kind < 0.11) return sized(fields, random.next() < 0.2 ? HUGE_CHARACTERS : LARGE_CHARACTERS);
  if (kind < 0.3) return cut(random, JSON.stringify(fields));
  return JSON.stringify(wrong(random, fields));
}

/** One to three fields replaced, dropped or added. */
function wrong(random: Random, fields: Fields): Fields {
  const made: Record<string, unknown> = { ...fields };
  for (let left = 1 + random.below(3); left > 0; left--) {
    const name = random.next() < 0.7 ? pick(random, Object.keys(fields)) : pick(random, NAMES);
    made[name] = pick(random, WRONG);
  }
  return made;
}

function deep(random: Random, fields: Fields): string {
  const levels = 1 + random.below(DEEP);
  const [open, close] = random.next() < 0.5 ? ["[", "]"] : ['{"a":', "}"];
  const nested = `${open.repeat(levels)}0${close.repeat(levels)}`;
  return `${JSON.stringify(fields).slice(0, -1)},"${pick(random, NAMES)}":${nested}}`;
}

function sized(fields: Fields, characters: number): string {
  return JSON.stringify({ ...fields, event: "x".repeat(characters) });
}

/** A stretch cut out, and noise in its place. */
function cut(random: Random, text: string): string {
  const at = random.below(text.length);
  const noise = pick(random, ["", '"', "{", "}", "[", "]", ",", "null", "\\u0000", "1e999", "\\", SURROGATE]);
  return text.slice(0, at) + noise + text.slice(at + random.below(12));
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[random.below(items.length)];
  if (item === undefined && items.length === 0) throw new Error("Nothing to pick from.");
  return item as Item;
}

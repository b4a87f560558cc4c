import assert from "node:assert/strict";
import { test } from "node:test";
import { bundleEngine, bundleWorker } from "../../scripts/bundle-small.mjs";
import { declaredNames } from "../../scripts/private-names.mjs";

/*
 * The engine's script and the worker's shorten names that are Rivulet's own. Here are those that others know: some of
 * each kind, by hand, so that a mistake in how the list is derived shows.
 */
const bundles = { engine: await bundleEngine(), worker: await bundleWorker() };

const KNOWN_TO_OTHERS = {
  page: [
    ...["Rivulet", "RivuletError", "current", "rivulet", "rivuletState"],
    ...["ready", "fetch", "stats", "state", "error", "lists", "sizeOf", "on", "off", "destroy"],
    ...["name", "code", "message", "cause"],
  ],
  options: [
    ...["signal", "manifest", "ice", "iceServers", "store", "quotaBytes", "memoryBytes", "patienceMs"],
    ...["minBytesPerSecond", "mediaQuery", "upload", "maxConnections", "uploadSlots"],
  ],
  // Players' integrations are scripts of their own.
  players: ["playback", "dueInMs", "line", "bytesPerSecond", "firstByteMs"],
  figures: [
    ...["originBytes", "peerBytes", "storeBytes", "path", "sizeBytes", "peers", "peer", "resources"],
    ...["downloadedBytes", "uploadedBytes", "downloadBytesPerSecond", "uploadBytesPerSecond"],
    ...["tracker", "offloadRatio", "wastedBytes"],
  ],
  events: ["piece", "bytes", "source", "from", "reason", "problem"],
  manifest: ["rivulet", "base", "resources", "path", "size", "pieceLength", "type", "root", "pieces"],
  signaling: [
    ...[
      "type",
      "version",
      "peer",
      "secret",
      "heartbeatMs",
      "content",
      "want",
      "complete",
      "peers",
      "members",
    ],
    ...["intervalMs", "to", "from", "dial", "signal", "code", "message", "about", "sdp", "candidate"],
    ...["sdpMid", "sdpMLineIndex"],
    // Of a signal that neighbours relay.
    "degree",
  ],
  disk: ["sizeBytes", "usedAt", "writtenAt", "value"],
  // What a page leads with, as the worker is told it and as the disk has it.
  catalogue: ["content", "entries", "script"],
  // The engine is the leader's, for the tabs and for the worker.
  leaders: ["fetchListed", "catalogue", "adopt", "unsaved", "used", "isCurrent", "url", "offset", "bytes"],
  // Between the worker and pages.
  worker: [
    "rivulet",
    "manifest",
    "catalogue",
    "script",
    "type",
    "url",
    "offset",
    "bytes",
    "start",
    "end",
    "from",
  ],
  asks: ["id", "url", "range", "playback", "room", "bytes", "status", "headers", "message"],
  browser: [
    "saveData",
    "metered",
    "getBattery",
    "charging",
    "onupgradeneeded",
    "bufferedAmountLowThreshold",
    "throwIfAborted",
    "peerIdentity",
  ],
};

for (const [script, { mangled }] of Object.entries(bundles))
  test(`no name is shortened in the ${script} that others know`, () => {
    const shortened = new Set(Object.keys(mangled));
    assert.ok(shortened.size > 0);
    for (const [whose, names] of Object.entries(KNOWN_TO_OTHERS)) {
      for (const name of names) assert.ok(!shortened.has(name), `${name} (${whose})`);
    }
  });

test("a signal reads the same in the script as in any other build", async () => {
  const { code } = bundles.engine;
  for (const field of [
    /\btype:"refuse"/,
    /\.type==="offer"|"offer"===\w+\.type/,
    /\bdegree:\w/,
    /\.degree\b/,
    /\bsdp:/,
  ])
    assert.match(code, field);
});

test("a page and the worker tell each other the same words", () => {
  const { code } = bundles.worker;
  for (const field of [
    /\.rivulet\b/,
    /\brivulet:"who"/,
    /\btype:"serving"/,
    /\btype:"adopt",url:\w+,offset:\w+,bytes:/,
    /\btype:"used"/,
    /\btype:"ask",id:\w+,/,
    /\broom:/,
    /\btype:"more",id:\w+,bytes:/,
    /\btype:"cancel",id:/,
    /\.writtenAt\b/,
  ])
    assert.match(code, field);
});

for (const [script, { mangled, names }] of Object.entries(bundles))
  test(`no short name in the ${script} was in use before`, () => {
    const untouched = new Set(names.filter((name) => !Object.hasOwn(mangled, name)));
    assert.deepEqual(
      Object.values(mangled).filter((short) => untouched.has(String(short))),
      [],
    );
    assert.equal(new Set(Object.values(mangled)).size, Object.keys(mangled).length);
  });

test("of declarations, members and globals are names; parameters and comments are not", () => {
  const names = declaredNames(`
    /** Not \`commented: this\`. */
    interface Thing<Kind extends string = string> extends Base {
        readonly plain: number; // nor: this
        optional?: string;
        get accessor(): number;
        set accessor(given: number);
        method<Item>(parameter: Item, another?: { inline: number; second: string }): void;
        "quoted": Event;
        multiline(
            lined: string,
        ): void;
    }
    declare var Made: { prototype: Thing; new(made: string): Thing; };
    declare function called(argument: string): void;
    declare namespace Space { function inner(value: string): string; }
    type Alias = ((parameterOfAlias: string) => void) | { acceptNode(node: Node): number; };
  `);
  const wanted = [
    "plain",
    "optional",
    "accessor",
    "method",
    "inline",
    "second",
    "quoted",
    "multiline",
    "Made",
  ];
  for (const name of [...wanted, "prototype", "called", "Space", "inner", "acceptNode", "Thing"])
    assert.ok(names.includes(name), name);
  for (const name of ["parameter", "another", "argument", "value", "made", "node", "commented", "nor"])
    assert.ok(!names.includes(name), name);
});

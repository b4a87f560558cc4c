import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { checkOptions, LEAST_MEMORY_BYTES } from "#sdk/client/check-options.ts";
import { LEAST_UPLOAD_BYTES_PER_SECOND } from "#sdk/client/option-rules.ts";
import { DEFAULTS, type RivuletOptions } from "#sdk/client/options.ts";

const PAGE = "https://site.example/shop/page.html";
const NEEDED = { signal: "wss://signal.example", manifest: "/rivulet.json" };

function check(given: object): ReturnType<typeof checkOptions> {
  return checkOptions({ ...NEEDED, ...given } as RivuletOptions, PAGE);
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof RivuletError, String(error));
    assert.equal(error.code, "bad-option");
    return error.message;
  }
  return assert.fail("It was accepted.");
}

const badSignal = [undefined, null, "", 5, {}, "http://[", "https://signal.example", "/signal", "signal"];
const badManifest = [undefined, null, "", 5, Symbol("s"), "http://[", "ftp://site.example/x", "data:,x"];
const badIce = [
  ...["stun:stun.example", {}, 5, true, null],
  ...[["stun:stun.example"], [{}], [null], [{ urls: "" }], [{ urls: [] }], [{ urls: 5 }]],
  ...[[{ urls: "https://stun.example" }], [{ urls: ["stun:stun.example", ""] }], [{ urls: "stun:" }]],
];
const badNumber = [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5", null, true, 5n, [], () => 1];

const badGlobs = ["*.mp4", [""], ["a", 5], [null], [["a"]], {}, null, true];

const BAD: Readonly<Record<keyof RivuletOptions, readonly unknown[]>> = {
  signal: badSignal,
  manifest: badManifest,
  manifestKey: ["", null, 5, "short", "A".repeat(42), "A".repeat(44), `${"A".repeat(42)}+`, [43]],
  token: [null, 5, {}, true, ["token"]],
  iceServers: badIce,
  iceTransportPolicy: ["", "none", "ALL", true, null],
  store: ["", "disk", "IndexedDB", null, 1, true],
  quotaBytes: badNumber,
  memoryBytes: [...badNumber, 0, LEAST_MEMORY_BYTES - 1],
  patienceMs: badNumber,
  minBytesPerSecond: [...badNumber, 0],
  mediaQuery: ["", "none", true, null, 1],
  include: badGlobs,
  exclude: badGlobs,
  minBytes: badNumber,
  upload: ["on", "true", 1, 0, null],
  maxConnections: [...badNumber, 0],
  uploadSlots: badNumber,
  uploadBytesPerSecond: [-1, 0, LEAST_UPLOAD_BYTES_PER_SECOND - 1, Number.NaN, "50000", null, true, 50000n],
  maxUploadBytes: [-1, Number.NaN, "50000", null, true, 50000n],
  globalPrivacyControl: ["", "no-uploads", "peers", true, null],
  saveData: ["", "ignored", "relay", false, null],
  metered: ["", "no-uploads-hidden", "all", false, null],
  battery: ["", "no-peers", "hidden", false, null],
};

for (const [name, values] of Object.entries(BAD)) {
  test(`each bad value of ${name} gives one error that names it and says what to give`, () => {
    for (const value of values) {
      const message = messageOf(() => check({ [name]: value }));
      assert.match(message, new RegExp(`^\`${name}\` must be `), String(value));
      assert.match(message, /\.$/);
    }
  });
}

test("every option has bad values above", () => {
  assert.deepEqual(Object.keys(BAD).sort(), ["manifest", "signal", ...Object.keys(DEFAULTS)].sort());
});

test("what was given is in the message", () => {
  assert.match(
    messageOf(() => check({ quotaBytes: Number.NaN })),
    /not NaN\.$/,
  );
  assert.match(
    messageOf(() => check({ quotaBytes: "5" })),
    /not "5"\.$/,
  );
  assert.match(
    messageOf(() => check({ signal: "https://x" })),
    /must be the signaling server's URL \(ws: or wss:\), not "https:\/\/x"\.$/,
  );
  assert.match(
    messageOf(() => check({ iceServers: ["stun:x"] })),
    /not \["stun:x"\]\.$/,
  );
});

test("an unknown name is refused with the nearest known one, or with all of them", () => {
  assert.equal(
    messageOf(() => check({ signl: 1 })),
    "There is no option `signl`. Did you mean `signal`?",
  );
  assert.match(
    messageOf(() => check({ patienceMS: 1 })),
    /Did you mean `patienceMs`\?/,
  );
  assert.match(
    messageOf(() => check({ turbo: undefined })),
    /`turbo`\. There are: signal, manifest, manifestKey,/,
  );
});

test("what is no object of options is refused", () => {
  for (const given of [undefined, null, "wss://x", 5]) {
    assert.match(
      messageOf(() => checkOptions(given as never, PAGE)),
      /takes an object of options/,
    );
  }
});

test("an option that is undefined has its default", () => {
  const all = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, undefined]));
  assert.deepEqual(check(all), check({}));
});

test("the least and the most that is allowed is taken", () => {
  const given = {
    iceServers: [{ urls: ["stun:a.example", "turns:b.example?transport=tcp"], username: "u" }],
    store: "memory",
    quotaBytes: 0,
    memoryBytes: LEAST_MEMORY_BYTES,
    patienceMs: 0,
    minBytesPerSecond: 1,
    upload: false,
    maxConnections: 1,
    uploadSlots: 0,
    uploadBytesPerSecond: LEAST_UPLOAD_BYTES_PER_SECOND,
    maxUploadBytes: 0,
    include: [],
    exclude: ["*"],
    minBytes: 0,
  };
  assert.deepEqual(check(given), { ...check({}), ...given });
});

test("URLs become absolute, relative to the page", () => {
  const { signal, manifest } = check({ signal: "WSS://Signal.example", manifest: "../m.json?v=2" });
  assert.deepEqual([signal, manifest], ["wss://signal.example/", "https://site.example/m.json?v=2"]);
});

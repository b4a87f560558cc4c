import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { checkOptions } from "#sdk/client/check-options.ts";
import type { RivuletOptions } from "#sdk/client/options.ts";
import { readScriptTag } from "#sdk/integrations/script-tag.ts";

const PAGE = "https://site.example/";
const NEEDED = { signal: "wss://signal.example", manifest: "/rivulet.json" };

/** A `dataset` as browsers make it of attributes: "data-" is left out, and "-x" becomes "X". */
function read(attributes: Readonly<Record<string, string>>): RivuletOptions {
  const dataset = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name.replace(/^data-/, "").replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
  return readScriptTag(dataset);
}

const withNeeded = (attributes: Readonly<Record<string, string>>) =>
  read({ "data-signal": NEEDED.signal, "data-manifest": NEEDED.manifest, ...attributes });

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof RivuletError && error.code === "bad-option", String(error));
    return error.message;
  }
  return assert.fail("It was accepted.");
}

test("the two attributes that are needed are enough", () => {
  assert.deepEqual(withNeeded({}), NEEDED);
});

test("each attribute is the option of its name", () => {
  const cases: readonly [string, string, Partial<RivuletOptions>][] = [
    ["data-ice", "stun:a.example", { iceServers: [{ urls: ["stun:a.example"] }] }],
    [
      "data-ice",
      "stun:a.example, turn:b.example?transport=udp",
      { iceServers: [{ urls: ["stun:a.example", "turn:b.example?transport=udp"] }] },
    ],
    ["data-manifest-key", "A".repeat(43), { manifestKey: "A".repeat(43) }],
    ["data-store", "memory", { store: "memory" }],
    ["data-store", "indexeddb", { store: "indexeddb" }],
    ["data-quota-bytes", "1000000", { quotaBytes: 1_000_000 }],
    ["data-patience-ms", "0", { patienceMs: 0 }],
    ["data-min-bytes-per-second", "500000", { minBytesPerSecond: 500_000 }],
    ["data-upload-bytes-per-second", "125000", { uploadBytesPerSecond: 125_000 }],
    ["data-max-upload-bytes", "50000000", { maxUploadBytes: 50_000_000 }],
    ["data-include", "/media/**, *.mp4", { include: ["/media/**", "*.mp4"] }],
    ["data-exclude", "*.html", { exclude: ["*.html"] }],
    ["data-min-bytes", "65536", { minBytes: 65_536 }],
    ["data-global-privacy-control", "relay", { globalPrivacyControl: "relay" }],
    ["data-save-data", "no-peers", { saveData: "no-peers" }],
    ["data-metered", "ignore", { metered: "ignore" }],
    ["data-battery", "no-uploads", { battery: "no-uploads" }],
    ["data-upload", "on", { upload: true }],
    ["data-upload", "off", { upload: false }],
  ];
  for (const [name, value, expected] of cases) {
    const options = withNeeded({ [name]: value });
    assert.deepEqual(options, { ...NEEDED, ...expected });
    checkOptions(options, PAGE);
  }
});

test("a tag without a signaling server or a manifest says what is missing", () => {
  const cases: readonly [Readonly<Record<string, string>>, RegExp][] = [
    [{}, /^`signal` must be the signaling server's URL \(ws: or wss:\), not undefined\.$/],
    [{ "data-signal": "" }, /^`signal` must be the signaling server's URL \(ws: or wss:\), not ""\.$/],
    [
      { "data-signal": "wss://x" },
      /^`manifest` must be the URL of what `rivulet manifest` wrote, not undefined\.$/,
    ],
  ];
  for (const [attributes, expected] of cases) {
    assert.match(
      messageOf(() => checkOptions(read(attributes), PAGE)),
      expected,
    );
  }
});

test("a bad value is refused with the options, which say what may be there, and what is", () => {
  const cases: readonly [string, string, string][] = [
    ["data-store", "disk", '`store` must be "indexeddb" or "memory", not "disk".'],
    ["data-save-data", "on", '`saveData` must be "no-uploads" or "no-peers" or "ignore", not "on".'],
    [
      "data-exclude",
      "*.html,",
      '`exclude` must be a list of globs of URL paths, such as ["/media/**", "*.mp4"], not ["*.html", ""].',
    ],
    ["data-store", "", '`store` must be "indexeddb" or "memory", not "".'],
    ["data-upload", "true", '`upload` must be true or false (in a script tag: on or off), not "true".'],
    ["data-upload", "", '`upload` must be true or false (in a script tag: on or off), not "".'],
    ["data-quota-bytes", "512MB", '`quotaBytes` must be a whole number of at least 0, not "512MB".'],
    ["data-quota-bytes", "-1", '`quotaBytes` must be a whole number of at least 0, not "-1".'],
    ["data-patience-ms", "2.5", '`patienceMs` must be a whole number of at least 0, not "2.5".'],
    ["data-patience-ms", "", '`patienceMs` must be a whole number of at least 0, not "".'],
    [
      "data-min-bytes-per-second",
      "1e6",
      '`minBytesPerSecond` must be a whole number of at least 1, not "1e6".',
    ],
  ];
  for (const [name, value, expected] of cases) {
    assert.equal(
      messageOf(() => checkOptions(withNeeded({ [name]: value }), PAGE)),
      expected,
    );
  }
});

test("an ICE attribute that is no list of ICE URLs is refused with the options", () => {
  for (const value of ["", "stun.example", "stun:a.example,", "https://stun.example"]) {
    const options = withNeeded({ "data-ice": value });
    assert.match(
      messageOf(() => checkOptions(options, PAGE)),
      /`iceServers` must be/,
    );
  }
});

test("a mistyped attribute is answered with the one that was meant", () => {
  const cases: readonly [string, string][] = [
    ["data-signl", "data-signal"],
    ["data-signals", "data-signal"],
    ["data-manifests", "data-manifest"],
    ["data-quotabytes", "data-quota-bytes"],
    ["data-patience", "data-patience-ms"],
    ["data-uploads", "data-upload"],
    ["data-sotre", "data-store"],
    ["data-includes", "data-include"],
    ["data-gobal-privacy-control", "data-global-privacy-control"],
    ["data-consnt", "data-consent"],
    ["data-workers", "data-worker"],
  ];
  for (const [name, meant] of cases) {
    const message = messageOf(() => withNeeded({ [name]: "x" }));
    assert.match(message, /^There is no attribute data-/);
    assert.ok(message.endsWith(`Did you mean ${meant}?`), message);
  }
});

test("attributes of others are left alone", () => {
  const foreign = [
    "value-of",
    "constructor",
    "to-string",
    "cfasync",
    "id",
    "site",
    "size",
    "src",
    "type",
    "domain",
    "cookieconsent",
    "turbo-track",
  ];
  for (const name of [...foreign, "website-id", "nonce", "v", "hostname", "pagespeed-no-defer"]) {
    assert.deepEqual(withNeeded({ [`data-${name}`]: "x" }), NEEDED, name);
  }
});

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { bundleForBrowser } from "../../scripts/esbuild-slim.mjs";
import { toSlimModule } from "../../scripts/slim-simple-peer.mjs";

const TRANSPORT = `export { SimplePeerTransport } from "#sdk/adapters/simple-peer-transport.ts";`;

test("simple-peer is bundled without its polyfills, and needs nothing that a browser lacks", async () => {
  const script = await bundleForBrowser({ contents: TRANSPORT, format: "esm" });
  for (const text of ["Connection failed.", "Ice connection failed."]) assert.ok(script.includes(text), text);
  for (const word of [
    /\brequire\(/,
    /\bprocess\./,
    /\bglobal\./,
    /addTrack|getStats|_debug/,
    /^import /m,
    /ReadableState\(/,
    /__commonJS/,
  ]) {
    assert.ok(!word.test(script), `The bundle has ${word}.`);
  }
});

test("simple-peer's default STUN servers are left out", async () => {
  const script = await bundleForBrowser({ contents: TRANSPORT });
  assert.ok(!/stun:|turn:/.test(script));
});

test("a simple-peer that has changed fails the build, not the page", async () => {
  const source = await readFile(createRequire(import.meta.url).resolve("simple-peer"), "utf8");
  assert.match(toSlimModule(source), /export default Peer/);
  assert.throws(() => toSlimModule(`${source}\n`), /simple-peer has changed: its SHA-256 is [0-9a-f]{64}/);
});

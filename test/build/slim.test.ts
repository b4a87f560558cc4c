import assert from "node:assert/strict";
import { test } from "node:test";
import { bundleForBrowser, toSlimModule } from "../../scripts/esbuild-slim.mjs";

const TRANSPORT = `export { SimplePeerTransport } from "#sdk/adapters/simple-peer-transport.ts";`;

test("simple-peer is bundled without its polyfills, and needs nothing that a browser lacks", async () => {
  const script = await bundleForBrowser({ contents: TRANSPORT, format: "esm" });
  for (const name of ["ERR_WEBRTC_SUPPORT", "ERR_ICE_CONNECTION_FAILURE"])
    assert.ok(script.includes(name), name);
  for (const word of [
    /\brequire\(/,
    /\bprocess\./,
    /\bglobal\./,
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

test("a simple-peer that has changed fails the build, not the page", () => {
  const end = "Peer.config = {\n}\nmodule.exports = Peer\n";
  assert.throws(
    () => toSlimModule(`const ms = require('ms')\n${end}`),
    /requires "ms", which has no stand-in/,
  );
  assert.throws(() => toSlimModule("Peer.config = {\n}\nexports.Peer = Peer"), /simple-peer has changed/);
  assert.throws(() => toSlimModule("module.exports = Peer"), /simple-peer has changed/);
});

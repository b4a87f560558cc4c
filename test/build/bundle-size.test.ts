import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { bundleForBrowser } from "../../scripts/esbuild-slim.mjs";

/** What a page pays for the script tag: less than one small picture. */
const MAX_GZIP_BYTES = 30_000;

test("the script of the script tag is at most 30,000 bytes, compressed", async () => {
  const script = await bundleForBrowser({ entry: "packages/sdk/src/integrations/global.ts", minify: true });
  const { length } = gzipSync(script, { level: 9 });
  assert.ok(length <= MAX_GZIP_BYTES, `It is ${length} bytes.`);
});

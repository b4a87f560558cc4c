import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { bundleScript } from "../../scripts/bundle-script.mjs";

/** What a page pays for the script tag: less than one small picture. */
const MAX_GZIP_BYTES = 30_000;

test("the script of the script tag is at most 30,000 bytes, compressed", async () => {
  const { code } = await bundleScript();
  const { length } = gzipSync(code, { level: 9 });
  assert.ok(length <= MAX_GZIP_BYTES, `It is ${length} bytes.`);
});

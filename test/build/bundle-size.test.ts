import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { bundleScript } from "../../scripts/bundle-script.mjs";

/** What a page is to pay for the script tag: less than one small picture. Whatever is added has to be saved elsewhere; see docs/decisions/0028. */
const MAX_GZIP_BYTES = 46_000;

test("the script of the script tag is at most 46,000 bytes, compressed", async (t) => {
  const { code } = await bundleScript();
  const { length } = gzipSync(code, { level: 9 });
  t.diagnostic(`the script is ${length} bytes compressed; ${MAX_GZIP_BYTES - length} are left`);
  assert.ok(length <= MAX_GZIP_BYTES, `It is ${length} bytes.`);
});

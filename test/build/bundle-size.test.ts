import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { bundleScript } from "../../scripts/bundle-script.mjs";

/** What a page is to pay for the script tag: less than one small picture. Not reached yet; see docs/decisions/0009. */
const GOAL_GZIP_BYTES = 30_000;
/** What it pays today, and no more: whatever is added has to be saved elsewhere. To be lowered until it is the goal. */
const MAX_GZIP_BYTES = 30_700;

test("the script of the script tag does not grow beyond what it is, compressed", async (t) => {
  const { code } = await bundleScript();
  const { length } = gzipSync(code, { level: 9 });
  t.diagnostic(`the script is ${length} bytes compressed; ${length - GOAL_GZIP_BYTES} over the goal`);
  assert.ok(length <= MAX_GZIP_BYTES, `It is ${length} bytes.`);
});

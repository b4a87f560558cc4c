import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NameTable } from "#signaling/json/name-table.ts";
import { escaped } from "../support/tracker-texts.ts";

const NAMES = ["type", "to", "peer_id", "__proto__"] as const;
const table = new NameTable(NAMES);

test("a name is found exactly when it is one of the table's, however it is written", () => {
  const name = fc.oneof(
    fc.constantFrom(...NAMES),
    fc.constantFrom("typ", "typE", "toto", "", "é"),
    fc.string(),
  );
  const written = fc.oneof(
    name.map((text) => JSON.stringify(text)),
    name.map(escaped),
    // One character as an escape.
    name.map((text) => `"${escaped(text.slice(0, 1)).slice(1, -1)}${JSON.stringify(text.slice(1)).slice(1)}`),
  );
  fc.assert(
    fc.property(written, (json) => {
      const bytes = Buffer.from(`xx${json}xx`);
      const read: unknown = JSON.parse(bytes.toString("utf8", 2, bytes.length - 2));
      const expected = NAMES.find((known) => known === read);
      assert.equal(table.find(bytes, 3, bytes.length - 3), expected, json);
    }),
    { numRuns: 1000 },
  );
});

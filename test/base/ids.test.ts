import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { parseContentId, parseDialId, parsePeerId } from "#sdk/base/ids.ts";

for (const [what, parse, digits] of [
  ["peer id", parsePeerId, 32],
  ["content id", parseContentId, 64],
  ["dial id", parseDialId, 16],
] as const) {
  test(`a ${what} is ${digits} lower-case hex digits and nothing else`, () => {
    const sound = "0a".repeat(digits / 2);
    assert.equal(parse(sound), sound);
    const wrong = [`${sound}0`, sound.slice(1), sound.toUpperCase(), `${sound}\n`, ` ${sound.slice(1)}`, ""];
    for (const value of [...wrong, undefined, null, 7, {}, [sound]]) {
      const isRefusal = (error: unknown): boolean =>
        error instanceof RivuletError && error.code === "message-malformed" && error.message.includes(what);
      assert.throws(() => parse(value), isRefusal);
    }
  });
}

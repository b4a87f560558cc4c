import { RivuletError } from "@rivulet/sdk/protocol";

/** For assert.throws: a complaint about options, in one line that says this. */
export function complains(pattern: RegExp) {
  return (error: unknown) =>
    error instanceof RivuletError &&
    error.code === "bad-option" &&
    pattern.test(error.message) &&
    !error.message.includes("\n");
}

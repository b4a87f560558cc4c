import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions } from "#demo/server/options.ts";
import { RivuletError } from "#sdk/base/errors.ts";

const refused = (args: readonly string[], message: RegExp): void => {
  assert.throws(
    () => readOptions(args),
    (error: unknown) =>
      error instanceof RivuletError &&
      error.code === "bad-option" &&
      message.test(error.message) &&
      !error.message.includes("\n"),
  );
};

test("without options the demo waits for visitors on its usual port", () => {
  assert.deepEqual(readOptions([]), {
    help: false,
    port: undefined,
    viewers: 0,
    page: "gallery",
    together: false,
    patience: 3,
  });
});

test("options are read with a space or an equals sign", () => {
  const wanted = { help: false, port: 9000, viewers: 3, page: "video", together: true, patience: 60 };
  const spaced = ["--viewers", "3", "--page", "video", "--port", "9000", "--together", "--patience", "60"];
  assert.deepEqual(readOptions(spaced), wanted);
  const joined = ["--viewers=3", "--page=video", "--port=9000", "--together", "--patience=60"];
  assert.deepEqual(readOptions(joined), wanted);
});

test("viewers can be sent to each page", () => {
  for (const page of ["gallery", "video", "live"]) assert.equal(readOptions(["--page", page]).page, page);
});

test("a mistyped option is refused in one line with the nearest name", () => {
  refused(["--viewer", "3"], /--viewer; did you mean --viewers\?/);
  refused(["--page", "galery"], /did you mean gallery\?/);
  refused(["--page", "life"], /gallery, video or live, not "life"; did you mean live\?/);
  refused(["--zzzzzzzz"], /Unknown option --zzzzzzzz\. /);
});

test("values out of bounds, missing or surplus are refused", () => {
  refused(["--viewers", "0"], /whole number from 1/);
  refused(["--viewers", "3.5"], /whole number/);
  refused(["--port", "65536"], /65535/);
  refused(["--patience", "601"], /whole number from 0 to 600/);
  refused(["--viewers"], /needs a value/);
  refused(["--together=yes"], /takes no value/);
});

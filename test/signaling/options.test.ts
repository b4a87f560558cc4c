import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "@rivulet/sdk/protocol";
import { helpText, readFlags } from "#signaling/flags.ts";
import { DEFAULTS, signalingOptions } from "#signaling/options.ts";

const complains = (pattern: RegExp) => (error: unknown) =>
  error instanceof RivuletError && error.code === "bad-option" && pattern.test(error.message);
const run = (...args: string[]) => {
  const command = readFlags(args);
  assert.equal(command.type, "run");
  return command.options;
};

test("without options the defaults hold: this machine only, every limit set", () => {
  assert.deepEqual(signalingOptions({}), DEFAULTS);
  assert.equal(DEFAULTS.host, "127.0.0.1");
});

test("an unknown option is refused with the nearest known name", () => {
  const mistyped: object = { maxRoms: 3 };
  assert.throws(() => signalingOptions(mistyped), complains(/maxRoms; did you mean maxRooms\?/));
  assert.throws(() => signalingOptions(JSON.parse('{"__proto__":1}')), complains(/__proto__/));
});

test("every option is checked, and the complaint names it", () => {
  for (const name of Object.keys(DEFAULTS)) {
    for (const wrong of [undefined, null, -1, 1.5, "", {}]) {
      assert.throws(
        () => signalingOptions({ [name]: wrong }),
        complains(new RegExp(`^${name} `)),
        `${name}=${wrong}`,
      );
    }
  }
});

test("origins are taken as a browser would state them, and nothing with a path is one", () => {
  const { allowOrigins } = signalingOptions({
    allowOrigins: ["https://WWW.example:443/", "http://localhost:3000"],
  });
  assert.deepEqual(allowOrigins, ["https://www.example", "http://localhost:3000"]);
  for (const wrong of ["www.example", "https://www.example/path", "*", "data:,", "https://a/?q"]) {
    assert.throws(
      () => signalingOptions({ allowOrigins: [wrong] }),
      complains(/allowOrigins takes origins/),
      wrong,
    );
  }
});

test("every number has a flag of its own name, or of a shorter one, and the help tells of it", () => {
  for (const [name, standard] of Object.entries(DEFAULTS)) {
    if (typeof standard !== "number") continue;
    const shorter = name.replace("PerRoom", "");
    const flag = shorter.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const value = name.endsWith("Bytes") ? 4096 : 40;
    assert.deepEqual(run(`--${flag}`, String(value)), { ...DEFAULTS, [name]: value });
    assert.match(helpText(), new RegExp(`--${flag} `));
  }
});

test("flags become options", () => {
  assert.deepEqual(run(), DEFAULTS);
  const options = run("--port", "0", "--host=::1", "--max-members", "9", "--trust-forwarded-for");
  assert.deepEqual(
    [options.port, options.host, options.maxMembersPerRoom, options.trustForwardedFor],
    [0, "::1", 9, true],
  );
  const twice = run(
    "--allow-origin",
    "https://a.example",
    "--allow-origin",
    "https://b.example",
    "--port",
    "1",
    "--port",
    "2",
  );
  assert.deepEqual(twice.allowOrigins, ["https://a.example", "https://b.example"]);
  assert.equal(twice.port, 2);
});

test("help and version are commands of their own, whatever else is said", () => {
  assert.deepEqual(readFlags(["--port", "1", "--help"]), { type: "help" });
  assert.deepEqual(readFlags(["-h"]), { type: "help" });
  assert.deepEqual(readFlags(["--version"]), { type: "version" });
});

test("a bad flag is one line that names it", () => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["--prot", "1"], /^There is no option --prot; did you mean --port\?$/],
    [["--port"], /^--port needs a value: --port N\.$/],
    [["--port="], /^--port needs a value/],
    [["--host", "--port"], /^--host needs a value/],
    [["--port", "http"], /^--port is a whole number from 0 to 65535, not http\.$/],
    [["--port", "-1"], /^--port is a whole number .* not -1\.$/],
    [["--max-members", "0"], /^--max-members is a whole number from 1/],
    [["--allow-origin", "example"], /^--allow-origin takes origins/],
    [["--trust-forwarded-for=yes"], /^--trust-forwarded-for takes no value/],
    [["start"], /^There is no argument start/],
    [["-p", "1"], /^There is no option -p/],
    [["--constructor", "1"], /^There is no option --constructor/],
  ];
  for (const [args, pattern] of cases) {
    assert.throws(() => readFlags(args), complains(pattern), args.join(" "));
    assert.throws(
      () => readFlags(args),
      (error: unknown) => error instanceof Error && !error.message.includes("\n"),
    );
  }
});

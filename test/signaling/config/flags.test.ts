import assert from "node:assert/strict";
import { test } from "node:test";
import { readCommand } from "#signaling/config/command.ts";
import { helpText, printedConfig } from "#signaling/config/help.ts";
import { OPTION_NAMES, rowOf } from "#signaling/config/option-table.ts";
import { DEFAULTS, signalingOptions } from "#signaling/config/options.ts";
import { complains } from "./bad-option.ts";

const command = (...args: string[]) =>
  readCommand({ args, env: {}, readFile: () => assert.fail("no file was named") });
const run = (...args: string[]) => {
  const read = command(...args);
  assert.equal(read.type, "run");
  return read.options;
};

test("every option has a flag of its own name, or of a shorter one, and the help tells of it", () => {
  for (const name of OPTION_NAMES) {
    const row = rowOf(name);
    const shorter = name.replace("PerRoom", "").replace("Origins", "Origin");
    const own = name === "allowOrigins" || name === "maxMembersPerRoom" ? shorter : name;
    const flag = own.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    assert.match(helpText(), new RegExp(`^  --(no-)?${flag} `, "m"));
    if (row.kind !== "number" && row.kind !== "port") continue;
    assert.deepEqual(run(`--${flag}`, String(row.max)), { ...DEFAULTS, [name]: row.max });
  }
});

test("flags become options", () => {
  assert.deepEqual(run(), DEFAULTS);
  const options = run("--port", "0", "--host=::1", "--max-members", "9", "--trust-proxy", "loopback");
  assert.deepEqual(
    [options.port, options.host, options.maxMembersPerRoom, options.trustProxy],
    [0, "::1", 9, ["loopback"]],
  );
});

test("a flag that is given twice counts as the last time, but a list takes all", () => {
  const flags = ["--port", "1", "--port", "2", "--allow-origin", "https://a.example,https://b.example"];
  const options = run(...flags, "--allow-origin=https://c.example", "--stun-urls", "stun:a, stun:b");
  assert.deepEqual(options.allowOrigins, ["https://a.example", "https://b.example", "https://c.example"]);
  assert.deepEqual(options.stunUrls, ["stun:a", "stun:b"]);
  assert.equal(options.port, 2);
});

test("what is on can be switched off", () => {
  assert.equal(run("--web-torrent").webTorrent, true);
  assert.equal(run("--no-web-torrent").webTorrent, false);
});

test("help and version are commands of their own, whatever else is said", () => {
  assert.deepEqual(command("--port", "1", "--help"), { type: "help" });
  assert.deepEqual(command("-h"), { type: "help" });
  assert.deepEqual(command("--version"), { type: "version" });
});

test("the options are printed as a file would have them, without the secrets", () => {
  const secret = "hunter2".repeat(6);
  const read = command("--print-config", "--token-secret", secret, "--max-rooms", "7");
  assert.equal(read.type, "print-config");
  const text = printedConfig(read.options);
  assert.ok(!text.includes(secret));
  const { tokenSecret, ...others } = JSON.parse(text);
  assert.equal(tokenSecret, "(secret)");
  assert.deepEqual(signalingOptions(others), { ...DEFAULTS, maxRooms: 7 });
});

test("no line of the help is longer than a terminal may be wide, and none shows a default that is none", () => {
  for (const line of helpText().split("\n")) {
    assert.ok(line.length <= 132, line);
    assert.ok(!line.includes("undefined"), line);
  }
});

test("a bad flag is one line that names it", () => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["--prot", "1"], /^There is no option --prot; did you mean --port\?$/],
    [["--port"], /^--port needs a value: --port N\.$/],
    [["--port="], /^--port needs a value/],
    [["--config"], /^--config needs a value: --config FILE\.$/],
    [["--host", "--port"], /^--host needs a value/],
    [["--turn-secret-file"], /^--turn-secret-file needs a value: --turn-secret-file FILE\.$/],
    [["--port", "http"], /^--port is a whole number from 0 to 65535, not http\.$/],
    [["--port", "-1"], /^--port is a whole number .* not -1\.$/],
    [["--port", "1e3"], /^--port is a whole number .* not 1e3\.$/],
    [["--max-members", "0"], /^--max-members is a whole number from 1/],
    [["--allow-origin", "example"], /^--allow-origin takes origins/],
    [["--web-torrent=yes"], /^--web-torrent takes no value; to switch it off there is --no-web-torrent\.$/],
    [["--no-web-torrents"], /^There is no option --no-web-torrents; did you mean --no-web-torrent\?$/],
    [["--no-port"], /^There is no option --no-port/],
    [["--trust-forwarded-for"], /^--trust-forwarded-for is gone; name the proxy by --trust-proxy/],
    [["--tls-cert", "a.pem"], /^--tls-cert needs --tls-key too\.$/],
    [["--turn-urls", "turn:a.example"], /^--turn-urls needs --turn-secret too/],
    [["start"], /^There is no argument start/],
    [["-p", "1"], /^There is no option -p/],
    [["--constructor", "1"], /^There is no option --constructor/],
  ];
  for (const [args, pattern] of cases) {
    assert.throws(() => command(...args), complains(pattern), args.join(" "));
  }
});

test("no complaint about the command line shows a secret", () => {
  const lines = [
    ["--turn-secrt", "hunter2"],
    ["--turn-secrt=hunter2"],
    ["--turn-secret", "--hunter2"],
    ["--turn-secret", "my", "hunter2"],
    ["--token-secret", "hunter2"],
    ["--redis-url", "hunter2"],
  ];
  for (const args of lines) {
    assert.throws(() => command(...args), complains(/^((?!hunter2).)*$/), args.join(" "));
  }
});

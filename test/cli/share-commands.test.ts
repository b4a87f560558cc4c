import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestOrigin } from "../support/test-origin.ts";
import { plant, runCli, startCli } from "./run-cli.ts";

const TOKEN = `EA${"A".repeat(42)}`;
const SIGNAL = ["--signal", "ws://127.0.0.1:9"];

test("--help of each command says how it is called", async () => {
  for (const [command, call] of [
    ["send", "rivulet send FILE"],
    ["get", "rivulet get LINK"],
    ["seed", "rivulet seed DIR --manifest FILE"],
  ] as const) {
    const { status, stdout } = await runCli([command, "--help"]);
    assert.equal(status, 0);
    assert.ok(stdout.startsWith(`Usage: ${call}`), stdout);
    assert.ok(
      stdout.split("\n").every((line) => line.length <= 125),
      "a line is too long",
    );
  }
});

const MISTAKES: readonly (readonly [args: readonly string[], message: RegExp, status?: number])[] = [
  [["send"], /Name what is to be sent/],
  [["send", "package.json"], /Which signaling server\? Give --signal/],
  [["send", "package.json", "--signal", "http://x/"], /--signal must be a ws: or wss: URL/],
  [["send", "package.json", "--page", "here", ...SIGNAL], /--page must be an absolute URL/],
  [
    ["send", "package.json", "--upload-rate", "7", ...SIGNAL],
    /--upload-rate must be a whole number of at least/,
  ],
  [["send", "package.json", "--ice", "stun.example", ...SIGNAL], /--ice must be such as/],
  [["send", "no/such/file", ...SIGNAL], /no readable file or folder "no\/such\/file"/, 1],
  [["send", "package.json", "test/../package.json", ...SIGNAL], /both named "package\.json"/],
  [["get"], /Give the link/],
  [["get", TOKEN, "another"], /"another" is one too many/],
  [["get", "https://share.example/#tooshort", ...SIGNAL], /link is incomplete or mistyped/, 1],
  [["get", TOKEN], /Which signaling server/],
  [["get", `file:///tmp/page.html#${TOKEN}`], /must be an http: or https: URL/],
  [["seed"], /Name the folder/],
  [["seed", "docs"], /Which manifest/],
  [["seed", "docs", "--manifest", "x.json"], /Which signaling server/],
  [["seed", "docs", "--manifest", "no/such.json", ...SIGNAL], /manifest no\/such\.json cannot be read/, 1],
];

test("a wrong call is answered by one line that says what was meant, before anything is begun", async () => {
  const ended = await Promise.all(MISTAKES.map(async ([args]) => [args, await runCli(args)] as const));
  for (const [index, [args, { status, stdout, stderr }]] of ended.entries()) {
    const [, message, expected = 2] = MISTAKES[index] as (typeof MISTAKES)[number];
    assert.match(stderr, message);
    assert.match(stderr, /^rivulet[^\n]*\n$/);
    assert.deepEqual([status, stdout], [expected, ""], args.join(" "));
  }
});

test("a page that does not say where its signaling server is leads to what else to do", async (context) => {
  const text = (what: string) => new TextEncoder().encode(what);
  const files = new Map([
    ["/none/share.json", text("{}")],
    ["/odd/share.json", text('{"signal":"http://x/"}')],
    ["/broken/share.json", text("<html>")],
  ]);
  const origin = await startTestOrigin({ files });
  context.after(() => origin.close());
  for (const [page, why] of [
    ["none", /names none/],
    ["odd", /names none/],
    ["broken", /names none/],
    ["missing", /answered 404/],
  ] as const) {
    const { status, stderr } = await runCli(["get", `${origin.url}/${page}/#${TOKEN}`]);
    assert.equal(status, 1);
    assert.match(stderr, why);
    assert.match(stderr, /Give --signal URL/);
  }
});

test("who waits for a sender that is not there is told so, and can stop", async (context) => {
  const receiver = startCli(context, ["get", TOKEN, "--out", plant(context), ...SIGNAL]);
  await receiver.said(/Nobody who has these files is there/);
  const { status, stderr } = await receiver.stop("SIGINT");
  assert.equal(status, 1);
  assert.match(stderr, /Stopped\. The same command goes on/);
});

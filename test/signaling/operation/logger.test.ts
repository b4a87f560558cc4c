import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonLogger } from "#signaling/operation/logger.ts";

type Level = Parameters<typeof jsonLogger>[0];

/** A logger, and the lines that it wrote. */
function logged(level: Level = "debug") {
  const lines: string[] = [];
  return { log: jsonLogger(level, { write: (line) => void lines.push(line) }), lines };
}

test("a line is JSON with the time, the level, the fields and the text", () => {
  const { log, lines } = logged();
  log.info({ url: "ws://127.0.0.1:8787", port: 8787 }, "listening");
  assert.equal(lines.length, 1);
  const { time, ...rest } = JSON.parse(lines[0] ?? "");
  assert.deepEqual(rest, { level: "info", url: "ws://127.0.0.1:8787", port: 8787, msg: "listening" });
  assert.equal(new Date(time).toISOString(), time);
});

test("lines below the level are not written, and with silent none are", () => {
  const words = (level: Level) => {
    const { log, lines } = logged(level);
    log.debug({}, "debug");
    log.info({}, "info");
    log.warn({}, "warn");
    log.error({}, "error");
    return lines.map((line) => JSON.parse(line).msg);
  };
  assert.deepEqual(words("debug"), ["debug", "info", "warn", "error"]);
  assert.deepEqual(words("warn"), ["warn", "error"]);
  assert.deepEqual(words("silent"), []);
});

test("an error has its stack, its code and its cause, in one line", () => {
  const { log, lines } = logged();
  const cause = Object.assign(new Error("no route"), { code: "EHOSTUNREACH" });
  log.error({ error: new Error("failed", { cause }), connection: 7 }, "internal error");
  assert.equal(lines.length, 1);
  const { error, connection } = JSON.parse(lines[0] ?? "");
  assert.equal(connection, 7);
  assert.equal(error.message, "failed");
  assert.match(error.stack, /^Error: failed\n.*logger\.test/);
  assert.deepEqual([error.cause.message, error.cause.code], ["no route", "EHOSTUNREACH"]);
});

test("an error that is none, or its own cause, is written all the same", () => {
  const { log, lines } = logged();
  const round = new Error("round");
  round.cause = round;
  log.error({ error: "thrown" }, "a");
  log.error({ error: round }, "b");
  assert.equal(JSON.parse(lines[0] ?? "").error, "thrown");
  assert.equal(JSON.parse(lines[1] ?? "").error.message, "round");
});

test("no line shows a client's token, wherever it stands and however its name is written", () => {
  const { log, lines } = logged();
  const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl";
  log.debug({ url: `/?token=${token}` }, "upgrade refused");
  log.debug({ url: `/announce?x=1&%74oken=${token}` }, "upgrade refused");
  log.debug({ url: "/?token=opaque-hunter2" }, "upgrade refused");
  log.info({}, `asked for wss://signal.example/?token=${token} in vain`);
  log.warn({ authorization: `Bearer ${token}` }, "refused");
  log.error({ error: new Error(`bad /?token=${token}`, { cause: new Error(token) }) }, "internal error");
  log.debug({ request: { url: `/?token=${token}`, tries: [token] } }, "nested");
  for (const line of lines) {
    assert.ok(!line.includes("eyJ") && !line.includes("hunter2"), line);
    assert.ok(line.includes("?…") || line.includes("(token)"), line);
  }
});

test("whatever is logged, a line stays one line of JSON", () => {
  const nasty = fc.oneof(
    fc.string(),
    fc.constantFrom('/?a="b\\', "?a=\\", "?='", 'x?y=\n"', "eyJ..", "?a=b?c=d"),
  );
  fc.assert(
    fc.property(nasty, nasty, (field, text) => {
      const { log, lines } = logged();
      log.info({ field }, text);
      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? "", /^[^\n]*\n$/);
      assert.doesNotThrow(() => JSON.parse(lines[0] ?? ""));
    }),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { FetchOrigin } from "#sdk/adapters/origin-fetch.ts";
import { seededRandom } from "#sdk/base/random.ts";
import { LineMeter } from "#sdk/client/line-meter.ts";
import { OriginRunner } from "#sdk/client/origin-runner.ts";
import type { Effect, Input } from "#sdk/engine/io.ts";
import type { Origin } from "#sdk/engine/ports.ts";
import { startTestOrigin, type TestOrigin } from "../support/test-origin.ts";
import { bytesOf, CONTENT, catalogOf, PIECE_BYTES, settled } from "./support/sample.ts";

const BYTES = bytesOf(4 * PIECE_BYTES + 100);
const PATH = "/files/a.bin";

type Fetch = Extract<Effect, { type: "fetch-origin" }>;

interface Stage {
  readonly server: TestOrigin;
  readonly runner: OriginRunner;
  readonly inputs: Input[];
  /** Starts a fetch and waits until so many inputs came. */
  run(range: Partial<Fetch>, inputs: number): Promise<void>;
  until(count: number): Promise<void>;
}

const MADE_UP: Fetch = {
  type: "fetch-origin",
  fetch: 1,
  content: CONTENT,
  resource: 0,
  first: 0,
  count: 5,
  whole: true,
};

async function withStage(run: (stage: Stage) => Promise<void>, make?: () => Origin): Promise<void> {
  const server = await startTestOrigin({ files: new Map([[PATH, BYTES]]) });
  const catalog = await catalogOf({ "a.bin": BYTES }, `${server.url}/files/`);
  const inputs: Input[] = [];
  let wake = () => {};
  const origin = make?.() ?? new FetchOrigin({ random: seededRandom(1), retries: 1, backoffMs: 1 });
  const input = (one: Input) => {
    inputs.push(one);
    wake();
  };
  const runner = new OriginRunner({ origin, catalog, input, meter: new LineMeter(() => 0), now: () => 0 });
  const until = async (count: number) => {
    while (inputs.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const begin = (range: Partial<Fetch>, count: number) => {
    runner.start({ ...MADE_UP, ...range });
    return until(count);
  };
  try {
    await run({ server, runner, inputs, run: begin, until });
  } finally {
    runner.close();
    await server.close();
  }
}

function pieces(inputs: readonly Input[]): number[] {
  return inputs.flatMap((input) => {
    if (input.type !== "origin-piece") return [];
    const at = input.piece * PIECE_BYTES;
    assert.deepEqual(input.data, BYTES.slice(at, at + PIECE_BYTES));
    return [input.piece];
  });
}

const types = (inputs: readonly Input[]) => inputs.map(({ type }) => type);

function failureOf(inputs: readonly Input[]) {
  const [last] = inputs.slice(-1);
  assert.ok(last?.type === "origin-failed", last?.type);
  return { kind: last.failure.kind, code: last.failure.error.code };
}

test("a whole resource is asked for without a range, and comes piece by piece", () =>
  withStage(async ({ server, inputs, run }) => {
    await run({}, 6);
    assert.deepEqual(pieces(inputs), [0, 1, 2, 3, 4]);
    assert.equal(inputs[5]?.type, "origin-done");
    assert.deepEqual(
      server.log.requests().map(({ range }) => range),
      [undefined],
    );
  }));

test("a run of pieces is asked for as their range, the last one as long as it is", () =>
  withStage(async ({ server, inputs, run }) => {
    await run({ first: 3, count: 2, whole: false }, 3);
    assert.deepEqual(pieces(inputs), [3, 4]);
    assert.deepEqual(types(inputs).slice(2), ["origin-done"]);
    assert.equal(server.log.requests()[0]?.range, `bytes=${3 * PIECE_BYTES}-${BYTES.length - 1}`);
  }));

test("an origin that answers a range with the whole is cut from the first byte, and the engine is told first", () =>
  withStage(async ({ server, inputs, run }) => {
    server.faults.set(PATH, { ignoreRange: true });
    await run({ first: 3, count: 1, whole: false }, 7);
    assert.deepEqual(types(inputs), ["origin-whole", ...Array(5).fill("origin-piece"), "origin-done"]);
    assert.deepEqual(pieces(inputs), [0, 1, 2, 3, 4]);
  }));

test("a connection that breaks is taken up again, and no piece comes twice", () =>
  withStage(async ({ server, inputs, run }) => {
    server.faults.set(PATH, { cutAfterBytes: PIECE_BYTES + 5, times: 1 });
    await run({}, 6);
    assert.deepEqual(pieces(inputs), [0, 1, 2, 3, 4]);
  }));

test("an origin that stays away, or says to wait, is unreachable", () =>
  withStage(async ({ server, inputs, run }) => {
    let count = 0;
    for (const fault of [{ down: true }, { status: 503 }, { status: 429 }, { status: 408 }]) {
      server.faults.set(PATH, fault);
      await run({}, ++count);
      assert.deepEqual(failureOf(inputs), { kind: "unreachable", code: "origin-failed" });
    }
  }));

test("a final no is a missing resource", () =>
  withStage(async ({ server, inputs, run }) => {
    let count = 0;
    for (const status of [404, 403, 410]) {
      server.faults.set(PATH, { status });
      await run({}, ++count);
      assert.deepEqual(failureOf(inputs), { kind: "missing", code: "origin-failed" });
    }
  }));

test("a resource that is shorter than the manifest says has changed", () =>
  withStage(async ({ server, inputs, run }) => {
    server.files.set(PATH, BYTES.subarray(0, PIECE_BYTES + 10));
    await run({}, 2);
    assert.deepEqual(pieces(inputs), [0]);
    assert.deepEqual(failureOf(inputs), { kind: "changed", code: "stale-manifest" });
  }));

test("what is no RivuletError is translated", () =>
  withStage(
    async ({ inputs, run }) => {
      await run({}, 1);
      assert.deepEqual(failureOf(inputs), { kind: "unreachable", code: "origin-failed" });
    },
    () => ({ fetch: () => Promise.reject(new TypeError("foreign")) }),
  ));

test("a cancelled fetch says nothing more, and leaves the origin", () =>
  withStage(async ({ server, runner, inputs, run }) => {
    server.faults.set(PATH, { stallAfterBytes: PIECE_BYTES + 5 });
    await run({}, 1);
    runner.cancel(1);
    runner.cancel(1);
    runner.cancel(99);
    while (!server.log.requests()[0]?.closed) await settled();
    assert.deepEqual(pieces(inputs), [0]);
    assert.equal(inputs.length, 1);
  }));

test("bytes that come although a fetch was cancelled are dropped", async () => {
  let late = (): void => assert.fail();
  const origin: Origin = {
    fetch: ({ onAnswer, onBytes }) =>
      new Promise((_, reject) => {
        late = () => {
          onAnswer({ kind: "whole" });
          onBytes(BYTES.slice());
          reject(new Error("too late"));
        };
      }),
  };
  await withStage(
    async ({ runner, inputs, run }) => {
      await run({}, 0);
      runner.cancel(1);
      late();
      await settled();
      assert.deepEqual(inputs, []);
    },
    () => origin,
  );
});

test("closing ends all fetches", () =>
  withStage(async ({ server, runner, inputs, run }) => {
    server.faults.set(PATH, { stallAfterBytes: 0 });
    await run({ fetch: 1 }, 0);
    await run({ fetch: 2, first: 1, count: 1, whole: false }, 0);
    while (server.log.requests().length < 2) await settled();
    runner.close();
    while (!server.log.requests().every(({ closed }) => closed)) await settled();
    assert.deepEqual(inputs, []);
  }));

test("each answer is measured from its request to its end, however it ends, and a request without one is not", async () => {
  const catalog = await catalogOf({ "a.bin": BYTES });
  for (const ends of ["done", "broken", "cancelled", "unanswered"]) {
    let now = 1000;
    const told: string[] = [];
    class Noted extends LineMeter {
      override originAnswered(askedAt: number): void {
        told.push(`answered after ${now - askedAt}`);
      }
      override originSent(bytes: number): void {
        told.push(`${bytes} bytes`);
      }
      override originEnded(): void {
        told.push("ended");
      }
    }
    const origin: Origin = {
      fetch: async ({ onAnswer, onBytes, signal }) => {
        now += 80;
        if (ends !== "unanswered") {
          onAnswer({ kind: "whole" });
          onBytes(BYTES.slice());
        }
        if (ends === "cancelled")
          await new Promise((_, reject) => signal.addEventListener("abort", reject, { once: true }));
        if (ends !== "done") throw new TypeError(ends);
      },
    };
    const meter = new Noted(() => now);
    const runner = new OriginRunner({ origin, catalog, input: () => undefined, meter, now: () => now });
    runner.start(MADE_UP);
    await settled();
    runner.cancel(1);
    await settled();
    const whole = ["answered after 80", `${BYTES.length} bytes`, "ended"];
    assert.deepEqual(told, ends === "unanswered" ? [] : whole, ends);
  }
});

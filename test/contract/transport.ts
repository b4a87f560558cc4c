import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CONTRACT_LIMITS,
  type Frames,
  GARBAGE,
  type LinkEvent,
  type TransportPair,
} from "./transport-ends.ts";

const { highWaterBytes, lowWaterBytes, maxFrameBytes } = CONTRACT_LIMITS;

const CHUNK = 64 * 1024 + 16;
const TIMEOUT = { timeout: 60_000 };

/** What every `Transport` must do; see `engine/ports.ts`. */
export function transportContract(name: string, makePair: () => Promise<TransportPair>): void {
  const pairTest = (title: string, body: (pair: TransportPair) => Promise<void>): void => {
    test(`${name}: ${title}`, TIMEOUT, async () => {
      const pair = await makePair();
      try {
        await body(pair);
      } finally {
        await pair.dispose();
      }
    });
  };

  pairTest("both ends open, and nothing comes before", async (pair) => {
    await open(pair);
    assert.deepEqual(await pair.dialer.events(), [{ type: "open" }]);
    assert.deepEqual(await pair.answerer.events(), [{ type: "open" }]);
  });

  pairTest("frames of 64 KiB and their header arrive whole and in order, both ways", async (pair) => {
    await open(pair);
    const frames = { first: 0, count: 60, bytes: CHUNK };
    await Promise.all([pair.dialer.pump(frames), pair.answerer.pump(frames)]);
    for (const end of [pair.dialer, pair.answerer]) assertFrames(await end.until("frame", 60), frames);
  });

  pairTest("a frame sent as soon as the link opens is not heard before onOpen", async (pair) => {
    await Promise.all([pair.dialer.connect(), pair.answerer.connect()]);
    await pair.answerer.until("open");
    await pair.answerer.send({ first: 0, count: 1, bytes: 16 });
    const events = await pair.dialer.until("frame");
    assert.deepEqual(
      events.map((event) => event.type),
      ["open", "frame"],
    );
  });

  pairTest("send says false over the high watermark, and onWritable follows at the low one", async (pair) => {
    await open(pair);
    const frames = { first: 0, count: 200, bytes: CHUNK };
    assert.ok((await pair.dialer.pump(frames)) > 0, "The channel never filled up.");
    assert.ok((await pair.dialer.maxBufferedBytes()) <= highWaterBytes + CHUNK);
    for (const event of await pair.dialer.events()) {
      if (event.type === "writable") assert.ok(event.bufferedBytes <= lowWaterBytes);
    }
    assertFrames(await pair.answerer.until("frame", 200), frames);
  });

  pairTest("once full, send says false until onWritable, which comes once", async (pair) => {
    await open(pair);
    const answers = await pair.dialer.send({ first: 0, count: 20, bytes: CHUNK });
    const full = answers.indexOf(false);
    assert.ok(full > 0);
    assert.ok(answers.slice(full).every((answer) => !answer));
    await pair.answerer.until("frame", 20);
    const events = await pair.dialer.until("writable");
    assert.equal(events.filter((event) => event.type === "writable").length, 1);
    assert.deepEqual(await pair.dialer.send({ first: 20, count: 1, bytes: 16 }), [true]);
  });

  pairTest("a message over the limit ends the link", async (pair) => {
    await open(pair);
    await pair.dialer.sendRaw({ zeroes: maxFrameBytes + 1 });
    assert.deepEqual(await pair.answerer.until("close"), [
      { type: "open" },
      { type: "close", code: "frame-too-large" },
    ]);
    await pair.dialer.until("close");
  });

  pairTest("a text message ends the link", async (pair) => {
    await open(pair);
    await pair.dialer.sendRaw({ text: "hello" });
    assert.deepEqual(await pair.answerer.until("close"), [
      { type: "open" },
      { type: "close", code: "frame-malformed" },
    ]);
  });

  pairTest("a second channel ends the link", async (pair) => {
    await open(pair);
    await pair.dialer.openAnotherChannel();
    assert.deepEqual((await pair.answerer.until("close")).at(-1), {
      type: "close",
      code: "protocol-violation",
    });
  });

  pairTest("what was sent just before close still arrives; the closer hears nothing more", async (pair) => {
    await open(pair);
    await pair.dialer.send({ first: 0, count: 4, bytes: CHUNK });
    await Promise.all([pair.dialer.close(), pair.answerer.send({ first: 0, count: 3, bytes: 16 })]);
    const events = await pair.answerer.until("close");
    assertFrames(events, { first: 0, count: 4, bytes: CHUNK });
    assert.deepEqual(events.at(-1), { type: "close", code: null });
    // The frames may have crossed with close(); after it there is nothing.
    const heard = await pair.dialer.events();
    assert.ok(heard.every((event) => event.type === "open" || event.type === "frame"));
    await pair.dialer.close();
    await pair.dialer.signal({ type: "offer", sdp: "late" });
    await pair.answerer.signal({ type: "answer", sdp: "late" });
    assert.deepEqual(await pair.dialer.send({ first: 9, count: 1, bytes: 16 }), [false]);
    assert.deepEqual(await pair.dialer.events(), heard);
    assert.deepEqual(await pair.answerer.events(), events);
  });

  pairTest("close before it opened is silent", async (pair) => {
    await pair.dialer.connect();
    await pair.dialer.close();
    await pair.answerer.connect({ connectTimeoutMs: 100 });
    await pair.answerer.until("close");
    assert.deepEqual(await pair.dialer.events(), []);
  });

  pairTest("a link that nobody answers is given up", async (pair) => {
    await pair.dialer.connect({ connectTimeoutMs: 100 });
    assert.deepEqual(await pair.dialer.until("close"), [{ type: "close", code: "connection-failed" }]);
  });

  pairTest("a garbage signal closes the link and throws nothing", async (pair) => {
    for (const signal of GARBAGE) {
      await pair.answerer.connect();
      await pair.answerer.signal(signal);
      await pair.answerer.signal(signal);
      const [event, ...others] = await pair.answerer.until("close");
      assert.ok(event?.type === "close" && event.code, `Closed without an error: ${JSON.stringify(signal)}`);
      assert.deepEqual(others, []);
    }
  });

  pairTest("a flood of candidates changes nothing", async (pair) => {
    await pair.answerer.connect();
    const candidate = "candidate:1 1 udp 2113937151 192.0.2.1 9 typ host";
    for (let i = 0; i < 200; i++) {
      await pair.answerer.signal({
        type: "candidate",
        candidate: { candidate, sdpMid: "0", sdpMLineIndex: 0 },
      });
    }
    await pair.dialer.connect();
    await pair.dialer.until("open");
  });

  pairTest("a peer that vanishes is noticed", async (pair) => {
    if (!pair.vanish) return;
    await open(pair);
    await pair.vanish();
    assert.equal((await pair.dialer.until("close")).at(-1)?.type, "close");
  });
}

async function open({ dialer, answerer }: TransportPair): Promise<void> {
  await Promise.all([dialer.connect(), answerer.connect()]);
  await Promise.all([dialer.until("open"), answerer.until("open")]);
}

function assertFrames(events: readonly LinkEvent[], { first, count, bytes }: Frames): void {
  const frames = events.filter((event) => event.type === "frame");
  assert.deepEqual(
    frames,
    Array.from({ length: count }, (_, i) => ({ type: "frame", number: first + i, bytes, intact: true })),
  );
}

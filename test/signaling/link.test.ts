import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Link, type LinkSocket } from "#signaling/link.ts";

const LIMITS = { maxBufferedBytes: 100, closeTimeoutMs: 1000 };

/** A socket that notes what is done to it, and buffers everything. */
class NotedSocket implements LinkSocket {
  readyState = 1;
  bufferedAmount = 0;
  readonly done: string[] = [];

  send(text: string): void {
    this.bufferedAmount += text.length;
    this.done.push(`send ${text.length}`);
  }

  ping(): void {
    this.done.push("ping");
  }

  close(code: number, reason: string): void {
    this.readyState = 2;
    this.done.push(`close ${code} ${reason}`);
  }

  terminate(): void {
    this.readyState = 3;
    this.bufferedAmount = 0;
    this.done.push("terminate");
  }
}

test("a client that does not read is cut off as soon as more waits than may", () => {
  const socket = new NotedSocket();
  const link = new Link(socket, LIMITS);
  assert.equal(link.send("x".repeat(60)), true);
  assert.equal(link.send("x".repeat(60)), true);
  assert.equal(link.send("x"), false);
  assert.deepEqual(socket.done, ["send 60", "send 60", "terminate"]);
});

test("nothing is sent to a socket that is closing", () => {
  const socket = new NotedSocket();
  socket.readyState = 2;
  assert.equal(new Link(socket, LIMITS).send("x"), true);
  assert.deepEqual(socket.done, []);
});

test("a client that answers pings lives, and one that misses one is cut off at the next", () => {
  const socket = new NotedSocket();
  const link = new Link(socket, LIMITS);
  for (let round = 0; round < 3; round++) {
    assert.equal(link.beat(), true);
    link.heard();
  }
  assert.equal(link.beat(), true);
  assert.equal(link.beat(), false);
  assert.deepEqual(socket.done, ["ping", "ping", "ping", "ping", "terminate"]);
});

test("a client that ignores the goodbye is cut off in time, and one that answers it is not", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const [deaf, polite] = [new NotedSocket(), new NotedSocket()];
  const links = [new Link(deaf, LIMITS), new Link(polite, LIMITS)];
  for (const link of links) link.close("replaced");
  links[1]?.closed();
  mock.timers.tick(LIMITS.closeTimeoutMs - 1);
  assert.deepEqual(deaf.done, ["close 4002 replaced"]);
  mock.timers.tick(1);
  mock.timers.reset();
  assert.deepEqual(deaf.done, ["close 4002 replaced", "terminate"]);
  assert.deepEqual(polite.done, ["close 4002 replaced"]);
});

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Link, type LinkSocket, type RawSocket } from "#signaling/server/link.ts";
import { wireText } from "#signaling/wire-text.ts";

const LIMITS = { maxBufferedBytes: 100, closeTimeoutMs: 1000 };
const text = (length: number) => wireText("x".repeat(length));

/** A socket that notes what is done to it, and buffers everything. */
class NotedSocket implements LinkSocket, RawSocket {
  readyState = 1;
  bufferedAmount = 0;
  readonly done: string[] = [];

  write(frames: string, encoding: string): void {
    this.bufferedAmount += frames.length;
    this.done.push(`write ${frames.length} ${encoding}`);
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

const linkOf = (socket: NotedSocket, limits = LIMITS) => new Link({ socket, raw: socket, limits });

test("a client that does not read is cut off as soon as more waits than may", () => {
  const socket = new NotedSocket();
  const link = linkOf(socket);
  for (let n = 0; n < 2; n++) {
    assert.equal(link.send(text(60)), true);
    link.flush();
  }
  assert.equal(link.send(text(1)), false);
  assert.equal(link.hasPending, false);
  link.flush();
  assert.deepEqual(socket.done, ["write 62 latin1", "write 62 latin1", "terminate"]);
});

test("what has not been written yet counts as what waits", () => {
  const socket = new NotedSocket();
  const link = linkOf(socket);
  assert.deepEqual(
    [60, 60, 1].map((length) => link.send(text(length))),
    [true, true, false],
  );
  assert.deepEqual(socket.done, ["terminate"]);
});

test("messages of one turn leave in one write, in order, and no later than at 16 KiB", () => {
  const socket = new NotedSocket();
  const link = linkOf(socket, { ...LIMITS, maxBufferedBytes: 1e6 });
  link.send(text(1));
  link.send(text(2));
  assert.deepEqual([link.hasPending, socket.done], [true, []]);
  link.flush();
  assert.deepEqual([link.hasPending, socket.done], [false, ["write 7 latin1"]]);
  for (let n = 0; n < 16; n++) link.send(text(1021));
  assert.deepEqual(socket.done.slice(1), ["write 16400 latin1"]);
  link.flush();
  assert.equal(socket.done.length, 2);
});

test("nothing is sent to a socket that is closing, nor what waited for it when it began to close", () => {
  const socket = new NotedSocket();
  const link = linkOf(socket);
  link.send(text(1));
  socket.readyState = 2;
  assert.equal(link.send(text(1)), true);
  link.flush();
  assert.deepEqual(socket.done, []);
});

test("what was said before a goodbye arrives before it", () => {
  const socket = new NotedSocket();
  const link = linkOf(socket);
  link.send(text(1));
  link.close("draining");
  link.closed();
  assert.deepEqual(socket.done, ["write 3 latin1", "close 1001 draining"]);
});

test("a client that answers pings lives, and one that misses one is cut off at the next", () => {
  const socket = new NotedSocket();
  const link = linkOf(socket);
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
  const links = [linkOf(deaf), linkOf(polite)];
  for (const link of links) link.close("replaced");
  links[1]?.closed();
  mock.timers.tick(LIMITS.closeTimeoutMs - 1);
  assert.deepEqual(deaf.done, ["close 4002 replaced"]);
  mock.timers.tick(1);
  mock.timers.reset();
  assert.deepEqual(deaf.done, ["close 4002 replaced", "terminate"]);
  assert.deepEqual(polite.done, ["close 4002 replaced"]);
});

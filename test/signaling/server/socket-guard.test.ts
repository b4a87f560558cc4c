import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { type GuardedSocket, SocketGuard } from "#signaling/server/socket-guard.ts";
import { eventually, runningServer } from "../support/running-server.ts";

/** A socket that notes whether it was destroyed. */
class NotedSocket implements GuardedSocket {
  readonly remoteAddress: string;
  isDestroyed = false;
  close: () => void = () => {};

  constructor(remoteAddress: string) {
    this.remoteAddress = remoteAddress;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  on(_event: string, listener: () => void): void {
    this.close = listener;
  }
}

test("sockets of one address beyond its connections and some are closed, others are not, and none is remembered", () => {
  const guard = new SocketGuard(2);
  const admitted = (address: string) => {
    const socket = new NotedSocket(address);
    guard.admit(socket);
    return socket;
  };
  const sockets = Array.from({ length: 19 }, () => admitted("192.0.2.1"));
  assert.deepEqual(sockets.map(({ isDestroyed }) => isDestroyed).lastIndexOf(false), 17);
  assert.equal(admitted("192.0.2.2").isDestroyed, false);
  sockets[0]?.close();
  assert.equal(admitted("192.0.2.1").isDestroyed, false);
  assert.equal(guard.addresses, 2);
});

test("one address that opens sockets and asks for nothing leaves the others theirs", async (t) => {
  const server = await runningServer(t, { maxConnectionsPerAddress: 1 });
  let closed = 0;
  const idle = Array.from({ length: 30 }, () => connect(server.port, "127.0.0.1"));
  for (const socket of idle) {
    socket.on("error", () => {});
    socket.on("close", () => {
      closed += 1;
    });
    socket.resume();
  }
  await eventually(() => closed === 30 - 17);
  for (const socket of idle) socket.destroy();
});

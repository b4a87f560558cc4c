import type { Duplex } from "node:stream";
import { type RawData, WebSocket } from "ws";

/** Whoever hears what comes in on a socket. */
export interface SocketOwner {
  message(data: Buffer, isBinary: boolean): void;
  /** An answer to a ping. */
  pong(): void;
  closed(): void;
}

/**
 * A WebSocket that knows whose it is. Its listeners are functions of all sockets rather than closures of each: an idle
 * connection is to weigh little more than its socket.
 */
export class LinkedSocket extends WebSocket {
  owner: SocketOwner | undefined;

  belongTo(owner: SocketOwner): void {
    this.owner = owner;
    this.on("message", onMessage);
    this.on("pong", onPong);
    this.on("close", onClose);
    // Broken frames and oversized payloads: ws closes the connection itself, with the code that RFC 6455 gives it.
    this.on("error", ignore);
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  if (this instanceof LinkedSocket && Buffer.isBuffer(data)) this.owner?.message(data, isBinary);
}

function onPong(this: WebSocket): void {
  if (this instanceof LinkedSocket) this.owner?.pong();
}

function onClose(this: WebSocket): void {
  if (this instanceof LinkedSocket) this.owner?.closed();
}

function ignore(): void {}

/** An error without a listener would end the process. Named, so that it can be taken off, and holds on to nothing. */
export function destroyOnError(this: Duplex): void {
  this.destroy();
}

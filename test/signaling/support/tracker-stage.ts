import assert from "node:assert/strict";
import type { SignalingOptions } from "#signaling/config/options.ts";
import type { ConnectionId, Delivery } from "#signaling/delivery.ts";
import { type Newcomer, readText, Stage } from "./stage.ts";
import { announceText, offers, peerIdNo } from "./tracker-texts.ts";

/** A service in virtual time, spoken to as WebTorrent clients speak to it. */
export class TrackerStage extends Stage {
  constructor(options: Partial<SignalingOptions> = {}) {
    super({ webTorrentIntervalMs: 120_000, ...options });
  }

  override arrive(newcomer: Newcomer = {}) {
    return super.arrive({ protocol: "webtorrent", ...newcomer });
  }

  /** Connects and announces as this peer; its address is its own. */
  peer(n: number, fields: Readonly<Record<string, unknown>> = {}): ConnectionId {
    const connection = this.connect({ address: `192.0.2.${n}` });
    this.announce(connection, n, fields);
    return connection;
  }

  announce(
    connection: ConnectionId,
    n: number | string,
    fields: Readonly<Record<string, unknown>> = {},
  ): Delivery[] {
    const peer_id = typeof n === "number" ? peerIdNo(n) : n;
    return this.text(connection, announceText({ peer_id, left: 1, ...fields }));
  }

  /** An announce of this peer with so many offers. */
  offer(connection: ConnectionId, n: number, count = 1, fields: Readonly<Record<string, unknown>> = {}) {
    return this.announce(connection, n, { offers: offers(count), ...fields });
  }
}

/** What a tracker's message says, as a client reads it. */
export function trackerMessage(delivery: Delivery | undefined): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(readText(delivery));
  assert.ok(typeof value === "object" && value !== null);
  return { ...value };
}

import assert from "node:assert/strict";
import { Cluster } from "#signaling/cluster/cluster.ts";
import {
  type ClusterMessage,
  decodeClusterMessage,
  encodeClusterMessage,
} from "#signaling/cluster/cluster-messages.ts";
import { SimRooms } from "./sim-rooms.ts";

export const SELF = "5".repeat(16);
export const OTHER = "0".repeat(16);
export const ROOM = `r:${"a".repeat(64)}`;
export const [ALL, ROOM_CHANNEL] = ["t:all", `t:room:${ROOM}`];

/** One cluster, spoken to as other processes speak to it. */
export class ClusterStage {
  readonly rooms = new SimRooms();
  readonly cluster = new Cluster({ id: SELF, prefix: "t" }, this.rooms);

  constructor() {
    this.rooms.attach(this.cluster);
    this.cluster.linkUp();
    this.cluster.take();
  }

  hear(message: ClusterMessage, home = OTHER): void {
    this.cluster.heard(channelOf(message), encodeClusterMessage(home, message), 0);
  }

  /** Another process has just come up. */
  meet(): void {
    this.hear({ type: "beat", epoch: 1 });
    this.cluster.take();
  }

  hearNews(base: number, version: number, peers: readonly string[], gone: readonly string[] = []): void {
    const puts = peers.map((peer) => ({ peer, entry: { peer }, isNews: true }));
    this.hear({ type: "news", base, version, puts, gone });
  }

  members(room = ROOM): string[] {
    return [...this.rooms.view(room).keys()].sort();
  }

  flush(): (readonly [channel: string, message: ClusterMessage])[] {
    this.cluster.flush(0);
    return this.said();
  }

  /** What was published since the last call. */
  said(): (readonly [channel: string, message: ClusterMessage])[] {
    return this.cluster.take().flatMap((effect) => {
      if (effect.type !== "publish") return [];
      const { channel, text } = effect;
      const scope = channel === ALL ? "all" : channel.startsWith("t:room:") ? "room" : "process";
      const message = decodeClusterMessage(text, scope)?.message;
      assert.ok(message, `not a message: ${text}`);
      return [[channel, message] as const];
    });
  }
}

function channelOf({ type }: ClusterMessage): string {
  if (type === "beat" || type === "goodbye") return ALL;
  return type === "who" || type === "news" || type === "snapshot" ? ROOM_CHANNEL : `t:process:${SELF}`;
}

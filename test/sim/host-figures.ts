import type { PeerId } from "#sdk/base/ids.ts";
import type { EngineEvent } from "#sdk/engine/events.ts";

/** What is counted of one host, however large the world is. */
export class HostFigures {
  originBytes = 0;
  peerBytes = 0;
  usefulPeerBytes = 0;
  usefulOriginBytes = 0;
  uploadedBytes = 0;
  /** Peers that it banned. */
  bans = 0;
  /** Those among them that never lied. */
  honestBans = 0;
  /** Bytes given to the page that no hash was checked against. */
  wrongBytes = 0;

  protected count(event: EngineEvent, honest: (peer: PeerId) => boolean): void {
    if (event.type === "uploaded") this.uploadedBytes += event.bytes;
    else if (event.type === "peer-banned") {
      this.bans++;
      if (honest(event.peer)) this.honestBans++;
    } else if (event.type === "piece") {
      if (event.source.from === "peer") this.usefulPeerBytes += event.bytes;
      if (event.source.from === "origin") this.usefulOriginBytes += event.bytes;
    }
  }
}

import type { Destination } from "./frame-socket.ts";
import { LoadPeer } from "./load-peer.ts";
import { RivuletPeer } from "./rivulet-peer.ts";
import type { Tally } from "./tally.ts";

/** A client of the bare echo server: what it sends is as long as an introduction. */
export class EchoPeer extends LoadPeer {
  readonly work = "relays";
  readonly #frame: Buffer;

  constructor(no: number, swarm: number, destination: Destination, tally: Tally) {
    super(destination, tally);
    this.#frame = new RivuletPeer(no, swarm, destination, tally).floodFrame();
  }

  /** There is nothing to join. */
  override async join(): Promise<void> {}

  probeFrame(): Buffer {
    return this.#frame;
  }

  floodFrame(): Buffer {
    return this.#frame;
  }

  protected joinFrames(): readonly Buffer[] {
    return [];
  }

  protected readShort(): string {
    return "an echo that is too short";
  }

  protected complaint(): string | undefined {
    return undefined;
  }
}

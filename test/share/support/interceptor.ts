import type { PeerId } from "#sdk/base/ids.ts";
import type { Connection } from "#sdk/engine/ports.ts";
import type { MemoryNet, Tamper } from "./memory-net.ts";

const NOBODY = "0".repeat(32) as PeerId;

/** A signaling server that sits in the middle: each side gets a connection to it, and it hands all bytes on. */
export class Interceptor {
  readonly seen: Uint8Array[] = [];
  readonly #net: MemoryNet;
  #halves: { readonly near: Half; readonly far: Half } | undefined;

  constructor(net: MemoryNet) {
    this.#net = net;
  }

  readonly tamper: Tamper = async (signal) => {
    const { type } = signal as { readonly type?: string };
    if (type === "offer") {
      const near: Half = this.#half(false, () => far.connection);
      const far: Half = this.#half(true, () => near.connection);
      this.#halves = { near, far };
      near.connection.signal(signal);
      return far.description;
    }
    const halves = this.#halves;
    if (type !== "answer" || !halves) return signal;
    halves.far.connection.signal(signal);
    return halves.near.description;
  };

  #half(initiator: boolean, other: () => Connection): Half {
    let described: (signal: object) => void = () => undefined;
    const description = new Promise<object>((resolve) => {
      described = resolve;
    });
    const connection = this.#net.transport().connect({
      peer: NOBODY,
      initiator,
      events: {
        onOpen: () => undefined,
        onFrame: (_, bytes) => {
          this.seen.push(bytes);
          other().send(bytes);
        },
        onWritable: () => undefined,
        onClose: () => other().close(),
        onSignal: (_, signal) => described(signal),
      },
    });
    return { connection, description };
  }
}

interface Half {
  readonly connection: ReturnType<ReturnType<MemoryNet["transport"]>["connect"]>;
  readonly description: Promise<object>;
}

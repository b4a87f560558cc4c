import fc from "fast-check";
import { hostileText } from "../../../signaling/support/hostile.ts";
import { BINARY, clientFrame, PING, textFrame } from "./frames.ts";
import { hostileAnnounce } from "./hostile-announces.ts";
import type { Protocol } from "./load-commands.ts";

/** Of so many messages, one is no message at all but a broken frame. */
const BROKEN_EACH = 97;
/** fast-check makes them by the thousand. */
const BLOCK = 1000;

/** Frames that break RFC 6455, each in its own way; a server closes the connection, and nothing else. */
const BROKEN: readonly Buffer[] = [
  Buffer.from([0x81, 0x02, 0x7b, 0x7d]), // not masked
  Buffer.from([0xf1, 0x80, 0, 0, 0, 0]), // reserved bits
  Buffer.from([0x83, 0x80, 0, 0, 0, 0]), // an opcode that does not exist
  Buffer.from([0x80, 0x80, 0, 0, 0, 0]), // a continuation of nothing
  Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]), // 2^64 bytes
  Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]), // no UTF-8
  Buffer.from([0x88, 0x81, 0, 0, 0, 0, 0x03]), // a close code of one byte
  clientFrame(Buffer.alloc(200), PING), // a control frame that is too long
  clientFrame(Buffer.from("{}"), BINARY),
  Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x7b]), // a beginning without an end
];

export interface HostileFrame {
  readonly frame: Buffer;
  /** For people. */
  readonly text: string;
}

/** The corpus for one protocol, the same for the same seed. */
export class HostileCorpus {
  readonly #protocol: Protocol;
  readonly #seed: number;
  #block: readonly string[] = [];
  #blockNo = -1;

  constructor(protocol: Protocol, seed: number) {
    this.#protocol = protocol;
    this.#seed = seed;
  }

  at(no: number): HostileFrame {
    if (no % BROKEN_EACH === BROKEN_EACH - 1) {
      const frame = BROKEN[Math.floor(no / BROKEN_EACH) % BROKEN.length] ?? Buffer.alloc(0);
      return { frame, text: `the frame ${frame.toString("hex", 0, 14)}` };
    }
    const text = this.#protocol === "tracker" ? hostileAnnounce(this.#seed, no) : this.#own(no);
    return { frame: textFrame(text), text };
  }

  #own(no: number): string {
    const blockNo = Math.floor(no / BLOCK);
    if (blockNo !== this.#blockNo) {
      this.#block = fc.sample(hostileText(), { numRuns: BLOCK, seed: this.#seed + blockNo });
      this.#blockNo = blockNo;
    }
    return this.#block[no % BLOCK] ?? "";
  }
}

import {
  type DialId,
  MAX_SIGNAL_BYTES,
  MAX_SIGNAL_DEPTH,
  parseDialId,
  RivuletError,
} from "@rivulet/sdk/protocol";
import { JsonScanner, type JsonVisitor, MALFORMED } from "../json/json-scan.ts";
import { NameTable } from "../json/name-table.ts";
import type { IntroductionStep } from "../operation/counts.ts";
import { asWireText, type WireText } from "../wire-text.ts";

/** An introduction whose signal is handed on as it was written. */
export interface ScannedIntroduction {
  /** A peer's and a content's id as they were written: what is no id is in no swarm. */
  readonly to: string;
  readonly content: string;
  readonly dial: DialId;
  readonly signal: WireText;
  readonly step: IntroductionStep;
}

/** A content id and its quotes. */
const LONGEST_ID = 66;

type Place = "message" | "signal" | "within";

const FIELDS = new NameTable(["type", "to", "content", "dial", "signal"]);
/** A receiver that merges or clones a signal carelessly would write these to a prototype that every object shares. */
const POISONED = new NameTable(["__proto__", "constructor", "prototype"]);
const TYPE = new NameTable(["type"]);
const INTRODUCE = new NameTable(["introduce"]);
const STEPS = new NameTable(["offer", "answer", "candidate"]);

/**
 * Reads an introduction without making anything of its signal, which is most of it. Undefined for every other message, and
 * for an introduction that is wrong or only unusual: the protocol's decoder takes it then, and says what is wrong.
 */
export function scanIntroduction(bytes: Buffer): ScannedIntroduction | undefined {
  try {
    return new IntroductionScan(bytes).result();
  } catch (error) {
    // An id that is none.
    if (error instanceof RivuletError) return undefined;
    throw error;
  }
}

class IntroductionScan implements JsonVisitor<Place> {
  readonly #bytes: Buffer;
  readonly #scanner: JsonScanner<Place>;
  #isIntroduction = false;
  #to: string | undefined;
  #content: string | undefined;
  #dial: DialId | undefined;
  #signalStart = 0;
  #signalEnd = 0;
  #step: IntroductionStep = "other";

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#scanner = new JsonScanner<Place>(bytes, this);
  }

  result(): ScannedIntroduction | undefined {
    const end = this.#scanner.object(0, "message", 0);
    const signalBytes = this.#signalEnd - this.#signalStart;
    if (end !== this.#bytes.length || !this.#isIntroduction) return undefined;
    if (signalBytes <= 0 || signalBytes > MAX_SIGNAL_BYTES) return undefined;
    const [to, content, dial] = [this.#to, this.#content, this.#dial];
    if (to === undefined || content === undefined || dial === undefined) return undefined;
    return { to, content, dial, signal: this.#text(this.#signalStart, this.#signalEnd), step: this.#step };
  }

  member(place: Place, start: number, depth: number): number {
    const { nameStart, nameEnd } = this.#scanner;
    if (place === "message") return this.#field(FIELDS.find(this.#bytes, nameStart, nameEnd), start, depth);
    if (POISONED.find(this.#bytes, nameStart, nameEnd) !== undefined) return MALFORMED;
    const isType = place === "signal" && TYPE.find(this.#bytes, nameStart, nameEnd) !== undefined;
    const end = this.#value(start, depth);
    if (isType && end !== MALFORMED) this.#step = this.#stepOf(start, end);
    return end;
  }

  item(_place: Place, start: number, depth: number): number {
    return this.#value(start, depth);
  }

  #field(name: ReturnType<typeof FIELDS.find>, start: number, depth: number): number {
    // Two of one name, or a value of another kind: the decoder knows what counts.
    if (name === "signal") {
      if (this.#signalEnd > 0 || !this.#scanner.isObject(start)) return MALFORMED;
      this.#signalStart = start;
      this.#signalEnd = this.#scanner.object(start, "signal", depth);
      return this.#signalEnd;
    }
    const end = this.#scanner.skip(start, depth);
    if (end === MALFORMED || name === undefined) return end;
    if (!this.#scanner.isString(start)) return MALFORMED;
    if (name === "type") {
      this.#isIntroduction = INTRODUCE.find(this.#bytes, start + 1, end - 1) !== undefined;
      return end;
    }
    if (this.#isKnown(name) || end - start > LONGEST_ID) return MALFORMED;
    const text = this.#text(start + 1, end - 1);
    if (name === "to") this.#to = text;
    else if (name === "content") this.#content = text;
    else this.#dial = parseDialId(text);
    return end;
  }

  #isKnown(name: "to" | "content" | "dial"): boolean {
    const value = name === "to" ? this.#to : name === "content" ? this.#content : this.#dial;
    return value !== undefined;
  }

  #stepOf(start: number, end: number): IntroductionStep {
    if (!this.#scanner.isString(start)) return "other";
    return STEPS.find(this.#bytes, start + 1, end - 1) ?? "other";
  }

  /** Within the signal, whose depth is counted from the signal on: the message is the first level. */
  #value(start: number, depth: number): number {
    const isObject = this.#scanner.isObject(start);
    if (!isObject && !this.#scanner.isArray(start)) return this.#scanner.skip(start, depth);
    if (depth > MAX_SIGNAL_DEPTH) return MALFORMED;
    return isObject
      ? this.#scanner.object(start, "within", depth)
      : this.#scanner.array(start, "within", depth);
  }

  #text(start: number, end: number): WireText {
    return asWireText(this.#bytes.toString("latin1", start, end));
  }
}

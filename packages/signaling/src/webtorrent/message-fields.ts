import { JsonScanner, type JsonVisitor, MALFORMED } from "../json/json-scan.ts";
import { asWireText, type WireText } from "../wire-text.ts";
import { FIELD_NAMES, type FieldName } from "./field-names.ts";
import { idHashIn, NO_ID } from "./id-hash.ts";
import { type BinaryId, isBinaryId, type Offer } from "./tracker-message.ts";

/** Twenty characters, each written as six (\u00ff), and the quotes, fit well within it. */
const MAX_SHORT_BYTES = 160;

type Place = "message" | "offers" | "offer" | "description";

/** Where a value was found, or nothing. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** The fields of one message, found in one pass over its bytes. The last of two of one name counts, as in JSON.parse. */
export class MessageFields implements JsonVisitor<Place> {
  readonly #bytes: Buffer;
  readonly #maxOffers: number;
  readonly #scanner: JsonScanner<Place>;
  readonly #spans = new Map<FieldName, Span>();
  /** Whether the bytes are one JSON object and nothing else. */
  readonly wellFormed: boolean;
  /** Undefined when they are not a list of offers; empty when there are none. Those beyond the most are left out. */
  offers: Offer[] | undefined = [];
  hasAnswer = false;
  /** The answer as its sender wrote it; undefined when it is no session description. */
  answer: WireText | undefined;
  /** Of the session description that is being read. */
  #hasType = false;
  #hasSdp = false;
  /** Of the offer that is being read. */
  #offer: WireText | undefined;
  #idStart = 0;
  #idEnd = 0;

  constructor(bytes: Buffer, maxOffers: number) {
    this.#bytes = bytes;
    this.#maxOffers = maxOffers;
    this.#scanner = new JsonScanner<Place>(bytes, this);
    const end = this.#scanner.object(this.#scanner.skipSpace(0), "message", 0);
    this.wellFormed = end !== MALFORMED && this.#scanner.skipSpace(end) === bytes.length;
  }

  /** A value of few bytes; undefined when it is not there or longer. */
  value(name: FieldName): unknown {
    const span = this.#spans.get(name);
    return span && this.#short(span.start, span.end);
  }

  id(name: FieldName): BinaryId | undefined {
    const value = this.value(name);
    return isBinaryId(value) ? value : undefined;
  }

  /** A list of ids; undefined when it is not one. The size of the message bounds it. */
  ids(name: FieldName): BinaryId[] | undefined {
    const span = this.#spans.get(name);
    if (!span || !this.#scanner.isArray(span.start)) return undefined;
    const values: unknown = JSON.parse(this.#bytes.toString("utf8", span.start, span.end));
    return Array.isArray(values) && values.every(isBinaryId) ? values : undefined;
  }

  /** The value as its sender wrote it. */
  text(name: FieldName): WireText {
    const { start, end } = this.#spans.get(name) ?? { start: 0, end: 0 };
    return this.#text(start, end);
  }

  member(place: Place, start: number, depth: number): number {
    const name = FIELD_NAMES.find(this.#bytes, this.#scanner.nameStart, this.#scanner.nameEnd);
    if (name === undefined) return this.#scanner.skip(start, depth);
    if (place === "message") return this.#readField(name, start, depth);
    if (place === "offer") return this.#readOffer(name, start, depth);
    if (name === "type") this.#hasType = this.#scanner.isString(start);
    if (name === "sdp") this.#hasSdp = this.#scanner.isString(start);
    return this.#scanner.skip(start, depth);
  }

  item(_place: Place, start: number, depth: number): number {
    const { offers } = this;
    if (!offers || offers.length >= this.#maxOffers) return this.#scanner.skip(start, depth);
    this.#offer = undefined;
    this.#idEnd = this.#idStart = 0;
    const isObject = this.#scanner.isObject(start);
    const end = isObject ? this.#scanner.object(start, "offer", depth) : this.#scanner.skip(start, depth);
    const idHash = end === MALFORMED ? NO_ID : idHashIn(this.#bytes, this.#idStart, this.#idEnd);
    if (this.#offer === undefined || idHash === NO_ID) this.offers = undefined;
    else offers.push({ offer: this.#offer, idText: this.#text(this.#idStart, this.#idEnd), idHash });
    return end;
  }

  #readField(name: FieldName, start: number, depth: number): number {
    if (name === "offers") return this.#readOffers(start, depth);
    if (name === "answer") {
      const end = this.#describe(start, depth);
      // As with offers, null is nothing.
      this.hasAnswer = this.#short(start, end) !== null;
      this.answer = this.#isDescribed() ? this.#text(start, end) : undefined;
      return end;
    }
    const end = this.#scanner.skip(start, depth);
    this.#spans.set(name, { start, end });
    return end;
  }

  #readOffers(start: number, depth: number): number {
    this.offers = [];
    if (this.#scanner.isArray(start)) return this.#scanner.array(start, "offers", depth);
    const end = this.#scanner.skip(start, depth);
    // Some clients write null where they have none.
    if (this.#short(start, end) !== null) this.offers = undefined;
    return end;
  }

  #readOffer(name: FieldName, start: number, depth: number): number {
    if (name === "offer") {
      const end = this.#describe(start, depth);
      this.#offer = this.#isDescribed() ? this.#text(start, end) : undefined;
      return end;
    }
    const end = this.#scanner.skip(start, depth);
    if (name === "offer_id") [this.#idStart, this.#idEnd] = [start, end];
    return end;
  }

  /** A session description: an object with text in `type` and `sdp`. What it says is between the two browsers. */
  #describe(start: number, depth: number): number {
    this.#hasType = this.#hasSdp = false;
    if (!this.#scanner.isObject(start)) return this.#scanner.skip(start, depth);
    return this.#scanner.object(start, "description", depth);
  }

  #isDescribed(): boolean {
    return this.#hasType && this.#hasSdp;
  }

  /** Undefined for what was malformed too. */
  #short(start: number, end: number): unknown {
    if (end <= start || end - start > MAX_SHORT_BYTES) return undefined;
    return JSON.parse(this.#bytes.toString("utf8", start, end));
  }

  #text(start: number, end: number): WireText {
    return asWireText(this.#bytes.toString("latin1", start, end));
  }
}

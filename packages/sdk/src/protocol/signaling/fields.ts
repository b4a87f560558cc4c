import { RivuletError } from "../../base/errors.ts";

/** Longer than any message's name, short enough to be quoted in an error. */
const MAX_TYPE_LENGTH = 32;

type JsonRecord = Readonly<Record<string, unknown>>;

export function malformed(what: string, cause?: unknown): RivuletError {
  return new RivuletError("message-malformed", what, cause === undefined ? undefined : { cause });
}

/** Length of a text in UTF-8; an unpaired surrogate counts as the three bytes of its replacement. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The fields of one JSON object, read by name and checked one by one. Only the object's own fields are ever seen, so a
 * name such as `constructor` or `__proto__` finds nothing that the sender did not write; unknown fields are ignored.
 */
export class Fields {
  readonly #record: JsonRecord;

  constructor(value: unknown) {
    if (!isRecord(value)) throw malformed("Expected a JSON object.");
    this.#record = value;
  }

  /** Checks the size before it parses: a parser is never handed more than it is meant to hold. */
  static parse(text: string, maxBytes: number): Fields {
    // Three bytes is the most that one UTF-16 unit takes, so a short text needs no counting.
    if (text.length > maxBytes || (text.length * 3 > maxBytes && utf8Bytes(text) > maxBytes)) {
      throw new RivuletError("message-too-large", `A message is at most ${maxBytes} bytes.`);
    }
    return new Fields(parseJson(text));
  }

  /** What the message says it is; long or missing names are malformed rather than unknown. */
  type(): string {
    return this.text("type", MAX_TYPE_LENGTH);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#record, name);
  }

  raw(name: string): unknown {
    return this.has(name) ? this.#record[name] : undefined;
  }

  text(name: string, maxLength: number): string {
    const value = this.raw(name);
    if (typeof value !== "string" || value.length > maxLength) {
      throw malformed(`"${name}" is a string of at most ${maxLength} characters.`);
    }
    return value;
  }

  flag(name: string): boolean {
    const value = this.raw(name);
    if (typeof value !== "boolean") throw malformed(`"${name}" is true or false.`);
    return value;
  }

  whole(name: string, min: number, max: number): number {
    const value = this.raw(name);
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
      throw malformed(`"${name}" is a whole number from ${min} to ${max}.`);
    }
    return value;
  }

  list<Item>(name: string, maxLength: number, read: (item: unknown) => Item): Item[] {
    const value = this.raw(name);
    if (!Array.isArray(value) || value.length > maxLength) {
      throw malformed(`"${name}" is a list of at most ${maxLength}.`);
    }
    return value.map((item) => read(item));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed("The message is not JSON.", cause);
  }
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

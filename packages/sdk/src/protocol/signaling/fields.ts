import { RivuletError } from "../../base/errors.ts";

/** Longer than any message's name, short enough to be quoted in an error. */
const MAX_TYPE_LENGTH = 32;

type JsonRecord = Readonly<Record<string, unknown>>;

export function malformed(what: string, cause?: unknown): RivuletError {
  return new RivuletError("message-malformed", what, { cause });
}

/** Length of a text in UTF-8; an unpaired surrogate counts as the three bytes of its replacement. */
export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).byteLength;
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

  /** An object with the field alone when the sender wrote it, and without it when not: to be spread into a message. */
  maybe<Name extends string, Value>(
    name: Name,
    read: (value: unknown) => Value,
  ): { readonly [Key in Name]?: Value };
  maybe(name: string, read: (value: unknown) => unknown): object {
    return this.has(name) ? { [name]: read(this.raw(name)) } : {};
  }

  text(name: string, maxLength: number): string {
    const value = this.raw(name);
    if (typeof value === "string" && value.length <= maxLength) return value;
    throw malformed(`"${name}" is a string of at most ${maxLength} characters.`);
  }

  flag(name: string): boolean {
    const value = this.raw(name);
    if (typeof value === "boolean") return value;
    throw malformed(`"${name}" is true or false.`);
  }

  whole(name: string, min: number, max: number): number {
    const value = Number.isInteger(this.raw(name)) ? Number(this.raw(name)) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw malformed(`"${name}" is a whole number from ${min} to ${max}.`);
  }

  list<Item>(name: string, maxLength: number, read: (item: unknown) => Item): Item[] {
    const value = this.raw(name);
    if (Array.isArray(value) && value.length <= maxLength) return value.map((item) => read(item));
    throw malformed(`"${name}" is a list of at most ${maxLength}.`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed("The message is not JSON.", cause);
  }
}

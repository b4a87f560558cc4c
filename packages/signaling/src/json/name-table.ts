const BACKSLASH = 0x5c;
/** The longest way to write a character: as six, such as \u0061. */
const LONGEST_WRITTEN = 6;

/** Finds out which of a few names the bytes of a JSON string are, without making a string of them. */
export class NameTable<Name extends string> {
  readonly #names: readonly Name[];
  readonly #byLength: { readonly name: Name; readonly bytes: Buffer }[][] = [];
  readonly #longest: number;

  constructor(names: readonly Name[]) {
    this.#names = names;
    this.#longest = Math.max(...names.map((name) => name.length));
    for (let length = 0; length <= this.#longest; length++) {
      const same = names.filter((name) => name.length === length);
      this.#byLength.push(same.map((name) => ({ name, bytes: Buffer.from(name) })));
    }
  }

  /** Undefined for all others. `start` and `end` are those of what is between the quotes. */
  find(bytes: Buffer, start: number, end: number): Name | undefined {
    const length = end - start;
    if (length > LONGEST_WRITTEN * this.#longest) return undefined;
    for (const { name, bytes: spelled } of this.#byLength[length] ?? []) {
      let n = 0;
      while (n < length && bytes[start + n] === spelled[n]) n += 1;
      if (n === length) return name;
    }
    return this.#findEscaped(bytes, start, end);
  }

  #findEscaped(bytes: Buffer, start: number, end: number): Name | undefined {
    for (let at = start; at < end; at++) {
      if (bytes[at] !== BACKSLASH) continue;
      const written: unknown = JSON.parse(`"${bytes.toString("utf8", start, end)}"`);
      return this.#names.find((name) => name === written);
    }
    return undefined;
  }
}

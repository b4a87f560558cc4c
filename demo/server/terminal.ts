import type { WriteStream } from "node:tty";

type Style = "bold" | "dim" | "teal" | "amber" | "red";

const CODES: Record<Style, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  teal: [36, 39],
  amber: [33, 39],
  red: [31, 39],
};

/** Writes to a terminal in colour and in place, and to anything else as plain lines. */
export class Terminal {
  readonly isTty: boolean;
  readonly #out: WriteStream;
  readonly #colours: boolean;
  #drawn = 0;

  constructor(out: WriteStream) {
    this.#out = out;
    this.isTty = out.isTTY === true && process.env.TERM !== "dumb";
    this.#colours = this.isTty && !process.env.NO_COLOR;
  }

  style(style: Style, text: string): string {
    if (!this.#colours) return text;
    const [on, off] = CODES[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  }

  line(text = ""): void {
    this.#drawn = 0;
    this.#out.write(`${text}\n`);
  }

  /** Draws lines over those of the last call. Only on a TTY; lines longer than its width are the caller's mistake. */
  redraw(lines: readonly string[]): void {
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A\r` : "";
    this.#out.write(`${up}\u001b[J${lines.join("\n")}\n`);
    this.#drawn = lines.length;
  }

  /** Writes a note that the next `notes` or line replaces; nothing where that cannot be done. */
  note(text: string): void {
    if (this.isTty) this.#out.write(`\r\u001b[K${text}`);
  }
}

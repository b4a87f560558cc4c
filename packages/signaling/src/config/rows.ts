/** Reads one text of an option as the server wants it, or undefined when it is none of what `takes` says. */
export type ReadText = (text: string) => string | undefined;

interface RowBase {
  /** What it is, in a few words for the help. */
  readonly help: string;
  /** What stands for the value in the help, such as `MS`. Empty for a switch. */
  readonly value: string;
  /** The flag without its dashes, where it is not the option's name in kebab case. */
  readonly flag?: string;
}

export interface NumberRow extends RowBase {
  readonly kind: "number" | "port";
  readonly default: number;
  /** The least and the most that it may be; all numbers are whole. */
  readonly min: number;
  readonly max: number;
}

export interface BooleanRow extends RowBase {
  readonly kind: "boolean";
  readonly default: boolean;
}

export interface ListRow extends RowBase {
  readonly kind: "list";
  readonly default: readonly string[];
  readonly read: ReadText;
  /** What each entry is, for the sentence "… takes origins such as …". */
  readonly takes: string;
}

export interface TextRow<Default extends string | undefined = string | undefined> extends RowBase {
  /** A secret is never shown, and can be read from a file. */
  readonly kind: "text" | "path" | "secret";
  readonly default: Default;
  readonly read: ReadText;
  readonly takes: string;
}

/** One line of the table of options. */
export type Row = NumberRow | BooleanRow | ListRow | TextRow;

type RowFor<Value> = [Value] extends [number]
  ? NumberRow
  : [Value] extends [boolean]
    ? BooleanRow
    : [Value] extends [readonly string[]]
      ? ListRow
      : [Value] extends [string]
        ? TextRow<string>
        : TextRow<undefined>;

/** A row for each option of an interface, each of the kind that its type asks for. */
export type RowsFor<Options> = { readonly [Name in keyof Options]: RowFor<Options[Name]> };

/** Beyond every real server, and far from where arithmetic goes wrong. */
export const MANY = 10_000_000;

/** What a row says of a value that somebody gave: the value to use, or the end of a sentence that begins with its name. */
export type Verdict =
  | { readonly type: "fits"; readonly value: unknown }
  | { readonly type: "wrong"; readonly complaint: string };

/** Judges one value. A secret's value is in no complaint. */
export function judge(row: Row, value: unknown): Verdict {
  switch (row.kind) {
    case "number":
    case "port": {
      const { min, max } = row;
      const fits = typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
      return fits ? ok(value) : wrong(`is a whole number from ${min} to ${max}, not ${shown(value)}`);
    }
    case "boolean":
      return typeof value === "boolean" ? ok(value) : wrong(`is true or false, not ${shown(value)}`);
    case "list":
      return judgeList(row, value);
    case "text":
    case "path":
    case "secret": {
      if (value === undefined && row.default === undefined) return ok(undefined);
      const read = typeof value === "string" ? row.read(value) : undefined;
      if (read !== undefined) return ok(read);
      return wrong(row.kind === "secret" ? `takes ${row.takes}` : `takes ${row.takes}, not ${shown(value)}`);
    }
    default:
      return row satisfies never;
  }
}

function judgeList({ read, takes }: ListRow, value: unknown): Verdict {
  if (!Array.isArray(value)) return wrong(`takes ${takes}, not ${shown(value)}`);
  const entries: readonly unknown[] = value;
  const values: string[] = [];
  for (const entry of entries) {
    const text = typeof entry === "string" ? read(entry) : undefined;
    if (text === undefined) return wrong(`takes ${takes}, not ${shown(entry)}`);
    values.push(text);
  }
  return ok(values);
}

function ok(value: unknown): Verdict {
  return { type: "fits", value };
}

function wrong(complaint: string): Verdict {
  return { type: "wrong", complaint };
}

const MAX_SHOWN_CHARACTERS = 80;

/** On one line of a log, whatever it is. */
function shown(value: unknown): string {
  const text = typeof value === "object" ? (JSON.stringify(value) ?? "") : String(value);
  const line = text.replace(/[^\x20-\x7e]+/g, "?");
  if (line === "") return "nothing";
  return line.length > MAX_SHOWN_CHARACTERS ? `${line.slice(0, MAX_SHOWN_CHARACTERS)}…` : line;
}

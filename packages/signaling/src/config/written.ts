import { RivuletError } from "@rivulet/sdk/protocol";
import type { Given } from "./assemble.ts";
import { type OptionName, rowOf } from "./option-table.ts";
import type { Spelling } from "./spelling.ts";

/** Reads a whole file as text; throws what the file system throws. */
export type ReadFile = (path: string) => string;

/** One setting of a source, before the files that hold secrets were read. */
export interface Written {
  readonly name: OptionName;
  /** Whether the value is the path of the file that holds the secret. */
  readonly isFile: boolean;
  readonly label: string;
  readonly spelling: Spelling;
  readonly value: unknown;
}

/**
 * What one source says, with the secrets read from their files.
 * @throws RivuletError `bad-option` when a file cannot be read, or a secret is given both ways.
 */
export function readSecrets(settings: readonly Written[], readFile: ReadFile): Given[] {
  return settings.map(({ isFile, ...given }) => {
    if (!isFile) return given;
    const twin = settings.find((other) => other.name === given.name && !other.isFile);
    if (twin) throw bad(`${twin.label} and ${given.label} exclude each other: give the secret once.`);
    if (typeof given.value !== "string" || given.value === "") throw bad(`${given.label} takes a path.`);
    // An editor ends a file with a line feed, which is no part of the secret.
    const value = readText(given.value, given.label, readFile).replace(/\r?\n$/, "");
    return { ...given, value };
  });
}

/** @throws RivuletError `bad-option`, which says whose file cannot be read. */
export function readText(path: string, label: string, readFile: ReadFile): string {
  try {
    return readFile(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RivuletError("bad-option", `${label} cannot be read: ${why}.`, { cause });
  }
}

/**
 * A text from the command line or the environment as its option wants it. What is no number stays text, so that the
 * option's own check can quote it.
 */
export function fromTexts(name: OptionName, texts: readonly string[]): unknown {
  const last = texts.at(-1) ?? "";
  const { kind } = rowOf(name);
  switch (kind) {
    case "number":
    case "port":
      return /^\d+$/.test(last) ? Number(last) : last;
    case "boolean":
      return last === "true" || last === "1" ? true : last === "false" || last === "0" ? false : last;
    case "list":
      return texts.flatMap((text) => text.split(/[\s,]+/).filter((entry) => entry !== ""));
    case "text":
    case "path":
    case "secret":
      return last;
    default:
      return kind satisfies never;
  }
}

export function bad(message: string): RivuletError {
  return new RivuletError("bad-option", message);
}

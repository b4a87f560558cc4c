import { parseArgs } from "node:util";
import { rowOf } from "./option-table.ts";
import { AS_FLAG, type Meaning, meaningOf, meanings } from "./spelling.ts";
import { bad, fromTexts, type Written } from "./written.ts";

/** What is asked for besides options. */
export type Wish = "run" | "print-config" | "help" | "version";

/** What a command line says. */
export interface Flags {
  readonly wish: Wish;
  readonly settings: readonly Written[];
  readonly configPath: string | undefined;
}

export const CONFIG_FLAG = "--config";
const OTHERS = [CONFIG_FLAG, "--print-config", "--version", "--help"];

/** @throws RivuletError `bad-option`, in one line that names the flag. */
export function readFlags(args: readonly string[]): Flags {
  const texts = new Map<string, { readonly meaning: Meaning; readonly texts: string[] }>();
  let wish: Wish = "run";
  let configPath: string | undefined;
  let previous: Meaning | undefined;
  // Not strict: node's own message for a mistyped flag is long and does not say which one was meant.
  const { tokens } = parseArgs({ args: [...args], options: parseOptions(), strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") throw stray(token.value, previous);
    if (token.name === "help" || token.name === "h") return { wish: "help", settings: [], configPath };
    if (token.name === "version") return { wish: "version", settings: [], configPath };
    if (token.name === "print-config") {
      wish = "print-config";
      continue;
    }
    const value = token.inlineValue || !token.value?.startsWith("--") ? token.value : undefined;
    if (token.rawName === CONFIG_FLAG) {
      if (!value) throw bad(`${CONFIG_FLAG} needs a value: ${CONFIG_FLAG} FILE.`);
      configPath = value;
      continue;
    }
    const { flag, meaning, isOff } = readName(token.rawName);
    previous = meaning;
    const text = isSwitch(meaning) ? switched(flag, token.value, isOff) : value;
    if (!text) throw bad(`${flag} needs a value: ${flag} ${placeholder(meaning)}.`);
    const known = texts.get(flag) ?? { meaning, texts: [] };
    known.texts.push(text);
    texts.set(flag, known);
  }
  const settings = [...texts].map(
    ([label, { meaning, texts }]): Written => ({
      ...meaning,
      label,
      spelling: AS_FLAG,
      // A flag that is given twice counts as the last time, unless it is a list.
      value: meaning.isFile ? texts.at(-1) : fromTexts(meaning.name, texts),
    }),
  );
  return { wish, settings, configPath };
}

const NEGATION = /^--no-/;

function readName(rawName: string): { flag: string; meaning: Meaning; isOff: boolean } {
  const isOff = NEGATION.test(rawName) && switches().includes(rawName.replace(NEGATION, "--"));
  const flag = isOff ? rawName.replace(NEGATION, "--") : rawName;
  const negations = switches().map((name) => name.replace("--", "--no-"));
  return { flag, meaning: meaningOf(flag, AS_FLAG, [...OTHERS, ...negations]), isOff };
}

function switches(): string[] {
  return meanings()
    .filter(isSwitch)
    .map((meaning) => AS_FLAG.spell(meaning));
}

function switched(flag: string, value: string | undefined, isOff: boolean): string {
  if (value !== undefined)
    throw bad(`${flag} takes no value; to switch it off there is ${flag.replace("--", "--no-")}.`);
  return String(!isOff);
}

function isSwitch({ name }: Meaning): boolean {
  return rowOf(name).kind === "boolean";
}

export function placeholder({ name, isFile }: Meaning): string {
  return isFile ? "FILE" : rowOf(name).value;
}

/** An argument that belongs to no flag. After a secret it may be the rest of one that has a space in it. */
function stray(value: string, previous: Meaning | undefined) {
  if (previous && rowOf(previous.name).kind === "secret" && !previous.isFile)
    return bad(`There is an argument too many after ${AS_FLAG.spell(previous)}.`);
  return bad(`There is no argument ${value}; options start with --.`);
}

function parseOptions() {
  const flags = meanings().map((meaning) => {
    const type = isSwitch(meaning) ? ("boolean" as const) : ("string" as const);
    return [AS_FLAG.spell(meaning).slice(2), { type, multiple: true }] as const;
  });
  return {
    ...Object.fromEntries(flags),
    config: { type: "string" as const },
    "print-config": { type: "boolean" as const },
    help: { type: "boolean" as const, short: "h" },
    version: { type: "boolean" as const },
  };
}

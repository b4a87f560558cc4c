import { nearestName, RivuletError } from "@rivulet/sdk/protocol";
import { OPTION_NAMES, type OptionName, rowOf } from "./option-table.ts";

/** What a name that somebody wrote stands for: an option's value, or the file that holds a secret's. */
export interface Meaning {
  readonly name: OptionName;
  readonly isFile: boolean;
}

/** How one source of options writes their names. */
export interface Spelling {
  /** What all its names begin with. */
  readonly prefix: string;
  /** `turnSecret` as a flag is `--turn-secret`, and the file that holds it `--turn-secret-file`. */
  spell(meaning: Meaning): string;
}

/** As the options of a program, and as the keys of a configuration file. */
export const AS_KEY: Spelling = {
  prefix: "",
  spell: ({ name, isFile }) => (isFile ? `${name}File` : name),
};

export const AS_FLAG: Spelling = {
  prefix: "--",
  spell: ({ name, isFile }) => `--${rowOf(name).flag ?? kebab(name)}${isFile ? "-file" : ""}`,
};

export const VARIABLE_PREFIX = "RIVULET_SIGNAL_";

export const AS_VARIABLE: Spelling = {
  prefix: VARIABLE_PREFIX,
  spell: ({ name, isFile }) =>
    `${VARIABLE_PREFIX}${kebab(name).replaceAll("-", "_").toUpperCase()}${isFile ? "_FILE" : ""}`,
};

/** Every name that a source may give. */
export function meanings(): Meaning[] {
  return OPTION_NAMES.flatMap((name) => [
    { name, isFile: false },
    ...(rowOf(name).kind === "secret" ? [{ name, isFile: true }] : []),
  ]);
}

/** What was written, read back. `others` are names that the source knows besides options. */
export function meaningOf(written: string, spelling: Spelling, others: readonly string[] = []): Meaning {
  const known = meanings();
  const found = known.find((meaning) => spelling.spell(meaning) === written);
  if (found) return found;
  const spelled = known.map((meaning) => spelling.spell(meaning));
  throw gone(written, spelling) ?? unknown(written, [...spelled, ...others], spelling);
}

/** Options of earlier versions, and what to say to whoever still gives one. */
const GONE: readonly {
  readonly written: readonly string[];
  readonly advice: (spelling: Spelling) => string;
}[] = [
  {
    written: ["trustForwardedFor", "--trust-forwarded-for", `${VARIABLE_PREFIX}TRUST_FORWARDED_FOR`],
    advice: (spelling) =>
      `name the proxy by ${spelling.spell({ name: "trustProxy", isFile: false })}, such as loopback`,
  },
];

function gone(written: string, spelling: Spelling): RivuletError | undefined {
  const found = GONE.find((each) => each.written.includes(written));
  return found && new RivuletError("bad-option", `${written} is gone; ${found.advice(spelling)}.`);
}

/** A name that does not exist, with the one that was probably meant. What all names share makes none of them near. */
function unknown(written: string, known: readonly string[], { prefix }: Spelling): RivuletError {
  const bare = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const nearest = nearestName(bare(written), known.map(bare));
  const hint = nearest === undefined ? "." : `; did you mean ${prefix}${nearest}?`;
  return new RivuletError("bad-option", `There is no option ${written}${hint}`);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

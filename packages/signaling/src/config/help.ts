import { placeholder } from "./flags.ts";
import { OPTION_NAMES, type OptionName, rowOf, SECTIONS, type SignalingOptions } from "./option-table.ts";
import { AS_FLAG } from "./spelling.ts";

const COLUMN = 36;

/** What --help prints. */
export function helpText(): string {
  return [
    "Usage: rivulet-signal [options]",
    "",
    "Introduces browsers to each other for Rivulet. It never carries content.",
    ...SECTIONS.flatMap(({ title, names }) => ["", `${title}:`, ...names.flatMap(linesOf)]),
    "",
    "Other:",
    line("--config FILE", "JSON file of options, named as the flags are, in camelCase (see --print-config)"),
    line("--print-config", "print the resulting options as JSON, without the secrets, and exit"),
    line("--version", "print the version"),
    line("--help", "print this"),
    "",
    "Lists take several values, with commas or spaces between them; their flags may be repeated. Every option can",
    "be set by a variable too: RIVULET_SIGNAL_MAX_ROOMS=500. Flags win over variables, variables over the file.",
  ].join("\n");
}

/** The options as JSON that --config would take, but for the secrets, of which it only says that they are there. */
export function printedConfig(options: SignalingOptions): string {
  const entries = OPTION_NAMES.map((name) => {
    const value = options[name];
    return [name, rowOf(name).kind === "secret" && value !== undefined ? "(secret)" : value] as const;
  });
  return JSON.stringify(Object.fromEntries(entries), undefined, 2);
}

function linesOf(name: OptionName): string[] {
  const row = rowOf(name);
  const flag = AS_FLAG.spell({ name, isFile: false });
  if (row.kind === "boolean")
    return [
      line(row.default ? flag.replace("--", "--no-") : flag, `${row.default ? "do not " : ""}${row.help}`),
    ];
  const value = Array.isArray(row.default) ? row.default.join(", ") : (row.default ?? "");
  const standard = value === "" ? "" : ` (${value})`;
  const own = line(`${flag} ${row.value}`, `${row.help}${standard}`);
  if (row.kind !== "secret") return [own];
  const file = { name, isFile: true };
  return [own, line(`${AS_FLAG.spell(file)} ${placeholder(file)}`, "the same, read from a file")];
}

function line(flag: string, help: string): string {
  return `  ${flag.padEnd(COLUMN)} ${help}`;
}

import { type ParseArgsConfig, parseArgs } from "node:util";
import { RivuletError } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";

type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;

/**
 * Reads a command's arguments: GNU-style options and what is left over.
 * @throws RivuletError `bad-option`, with the nearest known name for a mistyped one.
 */
export function readArguments<const Options extends OptionsConfig>(
  args: readonly string[],
  options: Options,
): { values: ReturnType<typeof parse<Options>>["values"]; positionals: string[] } {
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = options[token.name];
    if (!option) throw unknownOption(token.rawName, Object.keys(options));
    // `--out --base x` is a forgotten value, not a file called "--base".
    const isForgotten = !token.inlineValue && token.value?.startsWith("-") === true;
    if (option.type === "string" && (token.value === undefined || token.value === "" || isForgotten)) {
      throw new RivuletError("bad-option", `${token.rawName} needs a value.`);
    }
    if (option.type === "boolean" && token.value !== undefined) {
      throw new RivuletError("bad-option", `${token.rawName} takes no value.`);
    }
  }
  return parse(args, options);
}

function parse<const Options extends OptionsConfig>(args: readonly string[], options: Options) {
  return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
}

function unknownOption(given: string, known: readonly string[]): RivuletError {
  const near = nearestName(given.replace(/^-+/, ""), known);
  const hint = near === undefined ? "--help lists the options." : `Did you mean --${near}?`;
  return new RivuletError("bad-option", `There is no option ${given}. ${hint}`);
}

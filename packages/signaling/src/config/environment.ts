import { AS_VARIABLE, meaningOf, VARIABLE_PREFIX } from "./spelling.ts";
import { fromTexts, type Written } from "./written.ts";

export const CONFIG_VARIABLE = `${VARIABLE_PREFIX}CONFIG`;

/**
 * What the environment says; a variable that is empty says nothing.
 * @throws RivuletError `bad-option` for a variable that begins as this server's do and is none of them.
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): {
  readonly settings: readonly Written[];
  readonly configPath: string | undefined;
} {
  const settings = Object.entries(env).flatMap(([variable, text]): Written[] => {
    if (!variable.startsWith(VARIABLE_PREFIX) || variable === CONFIG_VARIABLE) return [];
    const { name, isFile } = meaningOf(variable, AS_VARIABLE, [CONFIG_VARIABLE]);
    if (text === undefined || text === "") return [];
    const value = isFile ? text : fromTexts(name, [text]);
    return [{ name, isFile, label: variable, spelling: AS_VARIABLE, value }];
  });
  return { settings, configPath: env[CONFIG_VARIABLE] || undefined };
}

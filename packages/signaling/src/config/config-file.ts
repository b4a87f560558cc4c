import { AS_KEY, meaningOf, type Spelling } from "./spelling.ts";
import { bad, type ReadFile, readText, type Written } from "./written.ts";

/**
 * What a configuration file says: a JSON object with the options' names as its keys.
 * @param label How whoever named the file knows it, such as `--config`.
 * @throws RivuletError `bad-option`. No complaint quotes the file: there may be secrets in it.
 */
export function readConfigFile(path: string, label: string, readFile: ReadFile): Written[] {
  const spelling: Spelling = { ...AS_KEY, spell: (meaning) => `${AS_KEY.spell(meaning)} in ${path}` };
  return Object.entries(readObject(path, label, readFile)).map(([key, value]) => {
    const { name, isFile } = meaningOf(key, AS_KEY);
    return { name, isFile, label: spelling.spell({ name, isFile }), spelling, value };
  });
}

function readObject(path: string, label: string, readFile: ReadFile): object {
  const value = parse(readText(path, label, readFile), path);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw bad(`${path} does not hold a JSON object.`);
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Node's own message quotes what stands around the fault.
    const position = /at position (\d+)/.exec(String(error))?.[1];
    const line =
      position === undefined ? "" : ` from line ${text.slice(0, Number(position)).split("\n").length}`;
    throw bad(`${path} is not JSON${line}.`);
  }
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DEFAULTS } from "#sdk/client/options.ts";
import { readScriptTag } from "#sdk/integrations/script-tag.ts";
import { readSiteTag, SITE_NAMES } from "#sdk/integrations/site-tag.ts";

const PAGE = readFileSync(new URL("../../docs/policies.md", import.meta.url), "utf8");

interface Row {
  readonly option: string;
  readonly attribute: string;
  readonly values: string;
  readonly byDefault: string;
  readonly what: string;
}

/** The rows of the first table. */
const rows: readonly Row[] = (PAGE.split("## What browsers tell")[0] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| `") || /^\| +\| `data-/.test(line))
  .map((line) => {
    const [option = "", attribute = "", values = "", byDefault = "", what = ""] = line
      .split("|")
      .slice(1, 6)
      .map((cell) => cell.trim());
    return {
      option: option.replaceAll("`", ""),
      attribute: attribute.replaceAll("`", ""),
      values,
      byDefault,
      what,
    };
  });
const options = rows.filter(({ option }) => option !== "");

/** What is no policy, but how the page and its servers are set up. */
const SETUP = ["manifestKey", "token", "iceServers", "mediaQuery"];

function shown(value: unknown): RegExp {
  if (Array.isArray(value)) return /^none\b/;
  if (value === Number.POSITIVE_INFINITY) return /^no limit$/;
  return new RegExp(`^\`${value}\`( \\(\\d+ MiB\\))?$`);
}

/** Its name in `dataset`. */
function datasetName(attribute: string): string {
  return attribute.replace("data-", "").replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

test("the page of policies lists every option that is one, and nothing that does not exist", () => {
  const known = Object.keys(DEFAULTS).filter((name) => !SETUP.includes(name));
  assert.deepEqual(options.map(({ option }) => option).sort(), known.sort());
});

test("the page of policies gives the defaults that hold, and says of each policy what it does", () => {
  for (const { option, byDefault, what } of options) {
    assert.match(byDefault, shown(DEFAULTS[option as keyof typeof DEFAULTS]), option);
    assert.ok(what.length > 10, option);
  }
  const mebibytes = PAGE.matchAll(/`?(\d+)`? \((\d+) MiB\)/g);
  for (const [all, bytes, mib] of mebibytes) assert.equal(Number(bytes), Number(mib) * 2 ** 20, all);
});

test("each attribute on the page of policies is read, with each value that is named, as the option of its row", () => {
  for (const { option, attribute, values } of options) {
    if (attribute === "") continue;
    const words = Array.from(values.matchAll(/`([\w-]+)`/g), ([, word = ""]) => word);
    for (const value of words.length > 0 ? words : ["1"])
      assert.deepEqual(Object.keys(readScriptTag({ [datasetName(attribute)]: value })), [option]);
  }
  const attributes = new Set(options.map(({ attribute }) => attribute).filter(Boolean));
  assert.equal(attributes.size, options.length - 3, "Three options have no attribute.");
});

test("the attributes that are no options are on the page of policies", () => {
  const names = rows.filter(({ option }) => option === "").map(({ attribute }) => datasetName(attribute));
  assert.deepEqual(names.sort(), [...SITE_NAMES].sort());
  for (const consent of ["required", "given"]) readSiteTag({ consent });
});

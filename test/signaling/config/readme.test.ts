import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { OPTION_NAMES, type OptionName, rowOf } from "#signaling/config/option-table.ts";
import { AS_FLAG } from "#signaling/config/spelling.ts";

const README = readFileSync(new URL("../../../packages/signaling/README.md", import.meta.url), "utf8");

/** The table's rows: flag, option, default, bounds. */
const listed = README.split("\n")
  .filter((line) => line.startsWith("| `--"))
  .map((line) =>
    line
      .split("|")
      .slice(1, 5)
      .map((cell) => cell.replaceAll("`", "").trim()),
  );

function row(name: OptionName): string[] {
  const option = rowOf(name);
  const flag = AS_FLAG.spell({ name, isFile: false });
  const number = (value: number) => value.toLocaleString("en");
  switch (option.kind) {
    case "port":
      return [flag, name, String(option.default), `${option.min}, ${option.max}`];
    case "number":
      return [flag, name, number(option.default), `${number(option.min)}, ${number(option.max)}`];
    case "boolean":
      return [flag, name, option.default ? "on" : "off", ""];
    case "list":
      return [flag, name, option.default.join(" ") || "none", ""];
    default:
      return [flag, name, option.default ?? "none", ""];
  }
}

test("the README lists every option with its flag, default and bounds, and nothing that does not exist", () => {
  assert.deepEqual(listed, OPTION_NAMES.map(row));
});

test("the README says of every option what it is", () => {
  for (const line of README.split("\n").filter((each) => each.startsWith("| `--"))) {
    assert.match(line, /\| [^|]{10,} \|$/);
  }
});

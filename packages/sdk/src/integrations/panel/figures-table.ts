import { html, setText } from "./element.ts";
import { keyedRows } from "./keyed-rows.ts";

export interface TableRow<Item> {
  /** What names the row. */
  readonly name: readonly (Node | string)[];
  /** The whole name, where `name` has a part of it. */
  readonly title: string;
  /** One for each further column: a figure, and how it is written. */
  figures(item: Item): readonly (readonly [value: number, text: string])[];
}

/** A table whose first column names the row, while the others are figures. It hides while it has none. */
export function figuresTable<Item>(table: {
  readonly label: string;
  readonly columns: readonly string[];
  readonly keyOf: (item: Item) => string;
  readonly row: (item: Item) => TableRow<Item>;
}) {
  const head = table.columns.map((column) => html("th", { scope: "col" }, column));
  const body = html("tbody");
  const element = html(
    "table",
    { "aria-label": table.label },
    html("thead", {}, html("tr", {}, ...head)),
    body,
  );
  const show = keyedRows<Item>(body, table.keyOf, (item) => {
    const { name, title, figures } = table.row(item);
    const row = html("tr", {}, html("th", { scope: "row", title }, ...name));
    return {
      element: row,
      update: (now) =>
        figures(now).forEach(([value, text], at) => {
          setText(row.cells[at + 1] ?? row.insertCell(), text, value);
        }),
    };
  });
  return {
    element,
    update(items: readonly Item[]): void {
      element.hidden = !items.length;
      show(items);
    },
  };
}

/** One row, bar or line that stands for something, and can be told its newer figures. */
export interface Row<Item> {
  readonly element: HTMLElement;
  update(item: Item): void;
}

/**
 * Keeps one child of `parent` for each item, in their order. Those that stay are moved and filled in, not made anew:
 * a selection in them survives.
 */
export function keyedRows<Item>(
  parent: HTMLElement,
  keyOf: (item: Item) => string,
  make: (item: Item) => Row<Item>,
): (items: readonly Item[]) => void {
  const rows = new Map<string, Row<Item>>();
  return (items) => {
    const keys = new Set(items.map(keyOf));
    for (const [key, row] of rows) {
      if (keys.has(key)) continue;
      row.element.remove();
      rows.delete(key);
    }
    items.forEach((item, at) => {
      const key = keyOf(item);
      const row = rows.get(key) ?? make(item);
      rows.set(key, row);
      row.update(item);
      const there = parent.children[at] ?? null;
      if (there !== row.element) parent.insertBefore(row.element, there);
    });
  };
}

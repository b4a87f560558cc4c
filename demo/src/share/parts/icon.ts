import { svg } from "../../panel/element.ts";

/** Strokes on a field of 24 by 24. */
const PATHS = {
  file: "M6 3h8l4 4v14H6z M14 3v4h4",
  folder: "M3 6.5h6l2 2.5h10v10.5H3z",
  plus: "M12 5v14 M5 12h14",
  up: "M12 20V5 M5.5 11 12 4.5 18.5 11",
  down: "M12 4v14 M5.5 12.5 12 19l6.5-6.5 M5 21.5h14",
  check: "M5 12.5 10 17.5 19.5 7",
  copy: "M9 9h11v11H9z M15 9V4H4v11h5",
  send: "M21 3 10 14 M21 3l-6.5 18L10 14 3 9.5z",
  cross: "M6 6l12 12 M18 6 6 18",
  chevron: "M9 5.5 15.5 12 9 18.5",
  alert: "M12 3.5 22 20.5H2z M12 10v5 M12 17.6v.2",
  lock: "M5.5 11h13v9.5h-13z M8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside a text that says the same. */
export function icon(name: IconName): SVGSVGElement {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    svg("path", { d: PATHS[name] }),
  );
}

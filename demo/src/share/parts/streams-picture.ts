import { svg } from "../../panel/element.ts";

const STREAMS = [
  { className: "", path: "M56 64C120 64 130 24 214 24" },
  { className: "b", path: "M56 64H226" },
  { className: "c", path: "M56 64C120 64 130 104 214 104" },
] as const;

/** One browser whose streams run to three others; `faint` while there are none. */
export function streamsPicture(isFaint: boolean): SVGSVGElement {
  const picture = svg("svg", {
    class: isFaint ? "streams faint" : "streams",
    viewBox: "0 0 272 128",
    "aria-hidden": "true",
  });
  for (const { className, path } of STREAMS) picture.append(svg("path", { class: className, d: path }));
  for (const { path } of STREAMS) picture.append(svg("path", { class: "drops", d: path }));
  for (const [x, y] of [
    [224, 24],
    [238, 64],
    [224, 104],
  ])
    picture.append(svg("circle", { cx: String(x), cy: String(y), r: "14" }));
  picture.append(
    svg("circle", { class: "from", cx: "48", cy: "64", r: "30" }),
    svg("path", { class: "arrow", d: "M48 77V52M38 61 48 51 58 61" }),
  );
  return picture;
}

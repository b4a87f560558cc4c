import { createHash } from "node:crypto";
import { seededRandom, shuffle } from "#sdk/base/random.ts";
import { type AssetKind, assetBytes, leastBytes, SUFFIXES } from "./page-with-assets-bytes.ts";

/** A file that a page consists of. */
export interface Asset {
  /** At the origin, for example `/assets/007.bmp`. */
  readonly path: string;
  readonly kind: AssetKind;
  readonly bytes: Uint8Array;
  /** Hex. */
  readonly sha256: string;
}

export interface AssetOptions {
  readonly count: number;
  /** The size of the largest; the least has 1 kB, and the others lie evenly between on a logarithmic scale. */
  readonly mostBytes: number;
}

/** 100 files of 1 kB to 5 MB, 58 MB in all. */
export const WHOLE_PAGE: AssetOptions = { count: 100, mostBytes: 5_000_000 };
/** 40 files, 6 MB in all, of the same kinds. */
export const SMALL_PAGE: AssetOptions = { count: 40, mostBytes: 1_000_000 };

const LEAST_BYTES = 1_000;
const SEED = 20_231_127;

/** Of a hundred files. */
const SHARES: Readonly<Record<AssetKind, number>> = {
  image: 44,
  srcset: 8,
  background: 10,
  font: 4,
  json: 10,
  wasm: 6,
  binary: 6,
  module: 8,
  video: 2,
  audio: 2,
};

/** The files of a page, in the order in which the page names them: the same for the same options. */
export function makeAssets({ count, mostBytes }: AssetOptions): readonly Asset[] {
  const random = seededRandom(SEED);
  const ratio = mostBytes / LEAST_BYTES;
  const sizes = shuffle(
    Array.from({ length: count }, (_, i) => Math.round(LEAST_BYTES * ratio ** ((i + 0.5) / count))),
    random,
  );
  // Those first that cannot have any size.
  const kinds = kindsOf(count).sort((a, b) => leastBytes(b) - leastBytes(a));
  const sized = kinds.map((kind) => {
    const at = sizes.findIndex((size) => size >= leastBytes(kind));
    const [size = mostBytes] = sizes.splice(Math.max(0, at), 1);
    return { kind, size: Math.max(size, leastBytes(kind)) };
  });
  return shuffle(sized, random).map(({ kind, size }, index) => {
    const bytes = assetBytes(kind, size, SEED + index);
    const path = `/assets/${String(index).padStart(3, "0")}.${SUFFIXES[kind]}`;
    return { path, kind, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
  });
}

/** At least one of each, and images for the rest. */
function kindsOf(count: number): AssetKind[] {
  const kinds = Object.entries(SHARES).flatMap(([kind, share]) =>
    kind === "image"
      ? []
      : Array<AssetKind>(Math.max(1, Math.round((share * count) / 100))).fill(kind as AssetKind),
  );
  return [...kinds, ...Array<AssetKind>(Math.max(1, count - kinds.length)).fill("image")];
}

/** How the page is written. */
export interface DocumentOptions {
  readonly assets: readonly Asset[];
  /** The script tag of Rivulet, or nothing for a page without it. */
  readonly scriptTag: string;
  /** Whether elements have `data-rivulet` in place of `src`, so that no browser loads them before Rivulet is there. */
  readonly marked: boolean;
}

/** The page: text to paint at once, the elements, and a script that asks for what no element names. */
export function pageWithAssets({ assets, scriptTag, marked }: DocumentOptions): string {
  const named = assets.map(({ path, kind }) => ({ path, kind }));
  const elements = assets.map((asset, index) => elementOf(asset, index, marked));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page with assets</title>
<link rel="icon" href="data:,">
${scriptTag}
<link rel="stylesheet" href="/page.css">
</head><body><h1>A page with ${assets.length} assets</h1>
<p>What is painted first.</p>
${elements.join("\n")}
<script type="application/json" id="assets">${JSON.stringify(named)}</script>
<script type="module" src="/page.js"></script>
</body></html>`;
}

function elementOf({ path, kind }: Asset, index: number, marked: boolean): string {
  const source = marked ? "data-rivulet" : "src";
  switch (kind) {
    case "image":
      return `<img ${source}="${path}" alt="" width="40" height="40">`;
    case "srcset": {
      // The small candidate is not for a screen this wide.
      const candidates = `/small.bmp 10w, ${path} 800w`;
      return `<img ${source}="${path}" ${marked ? "data-rivulet-srcset" : "srcset"}="${candidates}" sizes="800px" alt="" width="40" height="40">`;
    }
    case "background":
      return `<div class="background background-${index}"></div>`;
    case "font":
      return `<p class="lettering lettering-${index}">Lettering ${index}</p>`;
    case "video":
    case "audio":
      return `<${kind} ${source}="${path}" preload="auto" muted width="40" height="40"></${kind}>`;
    default:
      return "";
  }
}

/** The rules bind once the page's script says so, as do those of a theme that is chosen late. */
export function stylesheetWithAssets(assets: readonly Asset[]): string {
  const rules = assets.flatMap(({ path, kind }, index) => {
    if (kind === "background") return [`.styled .background-${index} { background-image: url("${path}"); }`];
    if (kind !== "font") return [];
    return [
      `@font-face { font-family: "lettering-${index}"; src: url("${path}") format("woff2"); }`,
      `.styled .lettering-${index} { font-family: "lettering-${index}", sans-serif; }`,
    ];
  });
  return [".background { width: 40px; height: 40px; }", ...rules, ""].join("\n");
}

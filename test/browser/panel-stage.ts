import { Emitter } from "#sdk/base/emitter.ts";
import type { RivuletError } from "#sdk/base/errors.ts";
import type { RivuletEvents } from "#sdk/client/events.ts";
import { type RivuletStats, Statistics } from "#sdk/client/statistics.ts";
import { openPanel, type PanelOptions, type PanelSource } from "#sdk/integrations/panel/index.ts";

// All of these tests run where the page allows neither style elements nor markup from text.
const policy = document.createElement("meta");
policy.httpEquiv = "Content-Security-Policy";
policy.content = "style-src 'none'; require-trusted-types-for 'script'";
document.head.append(policy);
/** What the page's content policy refused. */
export const refused: string[] = [];
document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) =>
  refused.push(effectiveDirective),
);

export const ALICE = "a11ce0".padEnd(32, "0");
export const BOB = "b0bb1e".padEnd(32, "0");
export const ME = "3e1f00".padEnd(32, "0");

const NO_STATS = new Statistics().report({ peer: ME, tracker: "up", peers: [], catalog: undefined });

export const STATS: RivuletStats = {
  ...NO_STATS,
  originBytes: 2_000_000,
  peerBytes: 7_000_000,
  storeBytes: 1_000_000,
  offloadRatio: 0.7,
  uploadedBytes: 1_234_567,
  peers: [
    {
      peer: ALICE,
      downloadedBytes: 6_000_000,
      uploadedBytes: 0,
      downloadBytesPerSecond: 1_500_000,
      uploadBytesPerSecond: 0,
    },
    {
      peer: BOB,
      downloadedBytes: 1_000_000,
      uploadedBytes: 1_234_567,
      downloadBytesPerSecond: 0,
      uploadBytesPerSecond: 300_000,
    },
  ],
  resources: [resource("/films/alps/1080p/segment-00041.m4s", 7_000_000, { [ALICE]: 6e6, [BOB]: 1e6 })],
};

export function resource(path: string, peerBytes: number, peers: Record<string, number> = {}) {
  return { path, sizeBytes: peerBytes, originBytes: 0, peerBytes, storeBytes: 0, peers };
}

/** A source in the test's hand, and the panel that shows it; both go with the test. */
export interface Stage {
  readonly source: { -readonly [Key in keyof PanelSource]: PanelSource[Key] };
  readonly panel: ReturnType<typeof openPanel>;
  emit<Name extends keyof RivuletEvents>(name: Name, event: RivuletEvents[Name]): void;
  /** How many listeners the source has. */
  listeners(): number;
  root(): ShadowRoot;
  /** The text of the elements that a selector finds, as it is read. */
  texts(selector: string): string[];
}

export function onStage(
  run: (stage: Stage) => Promise<void> | void,
  options: PanelOptions = {},
  error?: RivuletError,
): () => Promise<void> {
  return async () => {
    const emitter = new Emitter<RivuletEvents>();
    let listeners = 0;
    const source: Stage["source"] = {
      stats: STATS,
      state: "running",
      role: "leader",
      error,
      on: (name, listener) => {
        const off = emitter.on(name, listener);
        listeners++;
        return () => {
          listeners--;
          off();
        };
      },
    };
    const panel = openPanel(source, options);
    const root = () => {
      const found = document.querySelector("rivulet-panel")?.shadowRoot;
      if (!found) throw new Error("There is no panel on the page.");
      return found;
    };
    try {
      await run({
        source,
        panel,
        emit: emitter.emit.bind(emitter),
        listeners: () => listeners,
        root,
        texts: (selector) =>
          Array.from(root().querySelectorAll(selector), ({ textContent }) =>
            (textContent ?? "").replaceAll("\u00a0", " "),
          ),
      });
    } finally {
      panel.close();
    }
  };
}

/** The ratio of WCAG 2.1 between an element's colour and that of the nearest background behind it. */
export function contrastOf(element: Element): number {
  let behind: Element | null = element;
  while (behind && /, 0\)$/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
  if (!behind) throw new Error("There is nothing behind it.");
  const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(luminance);
  const [light, dark] = [a as number, b as number].sort((x, y) => y - x);
  return ((light as number) + 0.05) / ((dark as number) + 0.05);
}

function luminance(colour: string): number {
  const parts = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = parts;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Applies the panel's rules for a medium that this browser is not: dark, or a small screen. */
export function pretendMedia(root: ShadowRoot, media: RegExp, own = ""): void {
  for (const rule of root.adoptedStyleSheets[0]?.cssRules ?? [])
    if (rule instanceof CSSMediaRule && media.test(rule.media.mediaText)) rule.media.mediaText = "all";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(own);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

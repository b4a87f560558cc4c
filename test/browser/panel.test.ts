import { RivuletError } from "#sdk/base/errors.ts";
import { equal } from "../contract/piece-store.ts";
import { quiet, until } from "../integrations/support/element-page.ts";
import { describe, it } from "./mocha.ts";
import {
  ALICE,
  BOB,
  contrastOf,
  onStage,
  pretendMedia,
  refused,
  resource,
  STATS,
  type Stage,
} from "./panel-stage.ts";

const STALE = new RivuletError("stale-manifest", "Rebuild the manifest with each deployment.");

const press = (root: ShadowRoot, key: string) =>
  root
    .querySelector("aside")
    ?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));

async function pieces({ emit, texts }: Stage, count: number): Promise<void> {
  const before = texts("li.pieces").length;
  const from = (i: number) =>
    i % 3 === 0 ? { from: "origin" as const } : { from: "peer" as const, peer: ALICE };
  for (let i = 0; i < count; i++) emit("piece", { path: "/a", bytes: 65_536, source: from(i) });
  await until(() => texts("li.pieces").length > before);
}

describe("The debug panel", () => {
  it(
    "shows where the bytes came from, who is connected, and how it is",
    onStage(({ texts, root }) => {
      equal(texts("strong").join(), "70%");
      equal(
        texts("section:first-of-type dl div").join("; "),
        "Peers7.00 MB 70%; Origin2.00 MB 20%; Stored1.00 MB 10%",
      );
      equal(texts("table")[0]?.includes("a11c1.50 MB/s0 B/s6.00 MB0 B"), true);
      equal(texts("table")[1]?.includes("/films/alps/1080p/segment-00041.m4s7.00 MB0 B0 B"), true);
      equal(texts("section:nth-of-type(2) dd").join(), "running,leader,up,1.23 MB,0 B,0");
      // Peers in their colours, then the origin, then what was stored.
      const bar = [...root().querySelectorAll<HTMLElement>("section:first-of-type .bar i")];
      equal(
        bar.map(({ style }) => `${style.background} ${style.width}`).join(),
        "var(--peer-0) 60%,var(--peer-1) 10%,var(--origin) 20%,var(--store) 10%",
      );
    }),
  );

  it(
    "follows the figures, at most twice a second",
    onStage(async ({ source, emit, texts, root }) => {
      let reads = 0;
      const stats = { ...STATS, offloadRatio: 0.999, peers: STATS.peers.slice(1) };
      Object.defineProperty(source, "stats", {
        get: () => {
          reads++;
          return stats;
        },
      });
      const row = root().querySelectorAll("tbody tr")[1];
      for (let i = 0; i < 50; i++) emit("stats", stats);
      await quiet();
      equal(reads, 0);
      await until(() => texts("strong").join() === "99%");
      equal(reads, 1);
      equal(texts("tbody:first-of-type th")[0], "b0bb");
      // A row that stays is the same element: what is selected in it stays selected.
      equal(root().querySelector("tbody tr"), row ?? null);
    }),
  );

  it(
    "shows the twenty largest resources, and tells how many there are",
    onStage(async ({ source, emit, texts }) => {
      const resources = Array.from({ length: 25 }, (_, i) => resource(`/${i}.bin`, 1000 * (i + 1)));
      source.stats = { ...STATS, resources };
      emit("stats", source.stats);
      await until(() => texts("table:last-of-type tbody tr").length > 20);
      const paths = texts("section:nth-of-type(4) tbody th");
      equal(`${paths.length} ${paths[0]} ${paths[19]}`, "20 /24.bin /5.bin");
      equal(texts("section:nth-of-type(4) header span").join(), "20 / 25");
    }),
  );

  it(
    "logs what happens, newest first, and counts the pieces of each second in one line",
    onStage(async (stage) => {
      const { emit, texts } = stage;
      emit("tracker", { state: "connecting" });
      emit("peer-connected", { peer: ALICE });
      emit("peer-disconnected", { peer: BOB, reason: "gone" });
      emit("peer-banned", { peer: ALICE, reason: "a wrong piece" });
      await pieces(stage, 300);
      const lines = texts("ol li").map((line) => line.replace(/^[\d:]+ /, ""));
      equal(
        lines.join("; "),
        "Pieces: 300, 19.7 MB (peers 200, origin 100, stored 0); a11c banned: a wrong piece; b0bb left: gone; a11c connected; Tracker: connecting",
      );
    }),
  );

  it(
    "keeps a hundred lines of the log, on the page and for the clipboard",
    onStage(async ({ emit, texts, root }) => {
      for (let i = 0; i < 250; i++) emit("peer-connected", { peer: `${1000 + i}` });
      equal(texts("ol li").length, 100);
      equal(texts("ol li")[0]?.endsWith("1249 connected"), true);
      let copied = "";
      const writeText = async (text: string) => {
        copied = text;
      };
      Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText } });
      const button = root().querySelector<HTMLButtonElement>("section button");
      button?.click();
      await until(() => button?.textContent === "Copied");
      const lines = copied.split("\n");
      equal(lines.length, 100);
      equal(/^\d{4}-\d\d-\d\dT[\d:.]+Z 1150 connected$/.test(lines[0] ?? ""), true);

      Object.defineProperty(navigator, "clipboard", { configurable: true, value: undefined });
      button?.click();
      await until(() => root().querySelector("textarea") !== null);
      const area = root().querySelector("textarea");
      equal(area?.value.slice(area.selectionStart, area.selectionEnd), copied);
      button?.focus();
      equal(root().querySelector("textarea"), null);
      Reflect.deleteProperty(navigator, "clipboard");
    }),
  );

  it(
    "reads problems out, each once, with those from before it was opened",
    onStage(
      async ({ emit, texts, root }) => {
        emit("problem", STALE);
        emit("problem", STALE);
        await until(() => texts("section:nth-of-type(2) dd").at(-1) === "2");
        equal(texts("ul li").length, 2);
        equal(texts("ul li")[1], "stale-manifest Rebuild the manifest with each deployment.");
        // Nothing else of it is a live region: figures that change would be read all the time.
        equal([...root().querySelectorAll("[aria-live], [role]")].map((live) => live.localName).join(), "ul");
      },
      {},
      new RivuletError("unsupported-browser", "This browser has no WebRTC."),
    ),
  );

  it("takes the focus, and gives it back on Escape, which is then nobody else's", async () => {
    const button = document.createElement("button");
    document.body.append(button);
    button.focus();
    let heard = 0;
    const count = () => heard++;
    document.addEventListener("keydown", count);
    await onStage(({ root, listeners, panel }) => {
      const shadow = root();
      equal(shadow.activeElement?.localName, "aside");
      press(shadow, "x");
      equal(heard, 1);
      press(shadow, "Escape");
      equal(heard, 1);
      equal(document.querySelector("rivulet-panel"), null);
      equal(document.activeElement, button);
      equal(listeners(), 0);
      panel.toggle();
      equal(root().activeElement?.localName, "aside");
      // Whoever has gone on on the page stays there.
      const other = document.createElement("button");
      button.after(other);
      other.focus();
      panel.toggle();
      equal(document.activeElement, other);
      other.remove();
    })();
    await onStage(({ root }) => equal(root().activeElement, null), { focus: false })();
    document.removeEventListener("keydown", count);
    button.remove();
  });

  it(
    "stops listening when it is closed or taken off the page, and begins again when it is opened",
    onStage(({ panel, listeners, emit, texts }) => {
      const most = listeners();
      equal(most > 0, true);
      panel.close();
      equal(listeners(), 0);
      panel.close();
      emit("peer-connected", { peer: ALICE });
      panel.toggle();
      equal(listeners(), most);
      equal(texts("ol li").length, 0);
      document.querySelector("rivulet-panel")?.remove();
      equal(listeners(), 0);
    }),
  );

  it(
    "is one on a page, and takes the place of another that is open",
    onStage(async ({ listeners }) => {
      await onStage(() => {
        equal(document.querySelectorAll("rivulet-panel").length, 1);
        equal(listeners(), 0);
      })();
    }),
  );

  it("speaks the page's language where it can, the one that it is told, and the site's own words", async () => {
    const page = document.documentElement;
    const before = page.lang;
    page.lang = "de_AT";
    await onStage(({ texts, root }) => {
      equal(texts("h3").join(), "Zustand,Peers,Ressourcen,Ereignisse");
      equal(texts("section:first-of-type dd")[0], "7,00 MB");
      equal(root().querySelector("aside")?.lang, "de");
    })();
    await onStage(({ texts }) => equal(texts("h3")[0], "Health"), { language: "en-GB" })();
    page.lang = before;
    const words = { health: "Santé", units: "o ko Mo Go To", "role:leader": "meneur" };
    await onStage(
      ({ texts, root }) => {
        equal(texts("h3").join(), "Santé,Peers,Resources,Events");
        equal(texts("section:first-of-type dd")[0], "7,00 Mo");
        equal(texts("section:nth-of-type(2) dd")[1], "meneur");
        equal(root().querySelector("aside")?.lang, "fr");
      },
      { language: "fr", words },
    )();
  });

  it(
    "has no style element, no style in markup and no markup from data, and the policy refuses nothing of it",
    onStage(async ({ emit, root, texts }) => {
      emit("problem", new RivuletError("stale-manifest", "<img src=x onerror=alert(1)>"));
      await until(() => texts("ul li").length > 0);
      equal(root().querySelectorAll("style, img, script").length, 0);
      equal(document.querySelectorAll("style").length, 0);
      const { position, zIndex } = getComputedStyle(root().host);
      equal(`${position} ${zIndex}`, "fixed 2147483647");
      equal(root().querySelector<HTMLElement>(".bar i")?.getBoundingClientRect().height, 10);
      equal(refused.join(), "");
    }),
  );

  it(
    "keeps the page's style out",
    onStage(({ root }) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        "* { position: static !important; font-size: 40px !important; color: red !important }",
      );
      document.adoptedStyleSheets = [sheet];
      const { position } = getComputedStyle(root().host);
      const size = getComputedStyle(root().querySelector("aside") as Element).fontSize;
      document.adoptedStyleSheets = [];
      equal(position, "fixed");
      equal(size === "13px" || size === "12px", true);
    }),
  );

  for (const [name, media] of [
    ["light", /nothing/],
    ["dark", /dark/],
  ] as const)
    it(
      `has a contrast of 4.5 and more in all of its text, ${name}`,
      onStage(async (stage) => {
        const { root, emit } = stage;
        emit("problem", STALE);
        await pieces(stage, 3);
        pretendMedia(root(), media, name === "dark" ? "" : ":host { color-scheme: light }");
        const all = [...root().querySelectorAll("aside *")];
        const texts = all.filter((one) =>
          [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim()),
        );
        equal(texts.length > 40, true);
        const faint = texts
          .filter((one) => contrastOf(one) < 4.5)
          .map((one) => `${one.localName} ${one.textContent} ${contrastOf(one)}`);
        equal(faint.join("; "), "");
      }),
    );

  it(
    "fits a screen of 320 pixels",
    onStage(({ root }) => {
      pretendMedia(root(), /480px/, ":host { inset: auto auto 0 0 !important; width: 320px !important }");
      const panel = root().querySelector("aside") as HTMLElement;
      equal(panel.getBoundingClientRect().width, 320);
      equal(panel.scrollWidth <= panel.clientWidth, true);
      const wide = [...panel.querySelectorAll<HTMLElement>("td, dd, dt")].filter(
        (one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0,
      );
      equal(wide.map(({ textContent }) => textContent).join(), "");
    }),
  );

  it(
    "has headings in order, and tables whose headers say what they head",
    onStage(({ root }) => {
      equal(
        [...root().querySelectorAll("h1, h2, h3, h4")].map(({ localName }) => localName).join(),
        "h2,h3,h3,h3,h3",
      );
      equal(root().querySelectorAll("th:not([scope])").length, 0);
      equal(
        [...root().querySelectorAll("table, aside")].every((one) => one.hasAttribute("aria-label")),
        true,
      );
      equal(root().querySelector("button")?.getAttribute("aria-label"), "Close");
    }),
  );
});

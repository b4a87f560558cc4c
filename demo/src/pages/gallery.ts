import { exposeStats, markDemo, markProgress } from "../demo-state.ts";
import { drawRelief } from "../gallery/draw-relief.ts";
import { Frames } from "../gallery/frames.ts";
import { type ScriptTagRivulet, scriptTagRivulet } from "../gallery/script-tag.ts";
import { readRelief } from "../gallery/stl.ts";
import { pageElement } from "../page-element.ts";
import { delivered } from "../panel/files.ts";
import { Panel } from "../panel/panel.ts";

// The pictures are delivered by the script tag alone. This script only watches, and draws the model.
const STARTS_WITHIN_MS = 10_000;

function loaded(image: HTMLImageElement): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      if (!image.currentSrc) return;
      if (image.naturalWidth > 0) {
        image.closest("figure")?.classList.add("loaded");
        resolve();
      } else reject(new Error(`${image.alt} could not be shown.`));
    };
    image.addEventListener("load", settle);
    image.addEventListener("error", settle);
    if (image.complete) settle();
  });
}

async function showModel(rivulet: ScriptTagRivulet): Promise<void> {
  const figure = pageElement<HTMLElement>("figure.model");
  const canvas = pageElement<HTMLCanvasElement>("figure.model canvas");
  const response = await rivulet.fetch(canvas.dataset.model ?? "");
  if (!response.ok) throw new Error(`The model could not be fetched: HTTP ${response.status}.`);
  const relief = readRelief(await response.arrayBuffer(), 150);
  const draw = (): void => drawRelief(canvas, relief);
  draw();
  figure.classList.add("loaded");
  new ResizeObserver(draw).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

/** What came so far of all that the page asks for, 0 to 1. */
function progressOf(rivulet: ScriptTagRivulet, urls: readonly string[]): number {
  const wanted = urls.reduce((sum, url) => sum + (rivulet.sizeOf(url) ?? 0), 0);
  const came = rivulet.stats.resources.reduce((sum, resource) => sum + delivered(resource), 0);
  return came / Math.max(1, wanted);
}

async function deliver(panel: Panel): Promise<void> {
  const images = [...document.querySelectorAll<HTMLImageElement>("img[data-rivulet]")];
  const pictures = Promise.all(images.map(loaded));
  // Looked at below; until then a failure is nobody's unhandled rejection.
  pictures.catch(() => {});
  const rivulet = await scriptTagRivulet(STARTS_WITHIN_MS);
  if (!rivulet) {
    // A page whose script never came still has its pictures: from the origin.
    for (const image of images) image.src ||= image.dataset.rivulet ?? "";
    throw new Error("The Rivulet script did not start; the pictures come from the origin.");
  }
  exposeStats(rivulet);
  const frames = new Frames(document.querySelectorAll<HTMLElement>("figure[data-path]"), panel.palette);
  const model = pageElement<HTMLCanvasElement>("canvas[data-model]");
  const urls = [...images.map(({ dataset }) => dataset.rivulet), model.dataset.model].map(String);
  const show = (): void => {
    frames.update(rivulet.stats);
    markProgress(progressOf(rivulet, urls));
  };
  rivulet.on("stats", show);
  show();
  panel.attach(rivulet);
  await Promise.all([pictures, showModel(rivulet)]);
  show();
}

const panel = new Panel(pageElement<HTMLElement>("#panel"));
markDemo("loading");
deliver(panel).then(
  () => {
    panel.log("Everything is here");
    markDemo("complete");
  },
  (error: unknown) => {
    panel.fail(error instanceof Error ? error.message : String(error));
    markDemo("failed");
  },
);

import { exposeStats, markDemo } from "../demo-state.ts";
import { drawRelief } from "../gallery/draw-relief.ts";
import { Frames } from "../gallery/frames.ts";
import { type ScriptTagRivulet, scriptTagRivulet } from "../gallery/script-tag.ts";
import { readRelief } from "../gallery/stl.ts";
import { Panel } from "../panel/panel.ts";

// The pictures are delivered by the script tag alone. This script only watches, and draws the model.
const STARTS_WITHIN_MS = 10_000;

function element<Type extends HTMLElement>(selector: string): Type {
  const found = document.querySelector<Type>(selector);
  if (!found) throw new Error(`The page has no ${selector}.`);
  return found;
}

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
  const figure = element("figure.model");
  const canvas = element<HTMLCanvasElement>("figure.model canvas");
  const response = await rivulet.fetch(canvas.dataset.model ?? "");
  if (!response.ok) throw new Error(`The model could not be fetched: HTTP ${response.status}.`);
  const relief = readRelief(await response.arrayBuffer(), 150);
  const draw = (): void => drawRelief(canvas, relief);
  draw();
  figure.classList.add("loaded");
  new ResizeObserver(draw).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
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
  rivulet.on("stats", (stats) => frames.update(stats));
  frames.update(rivulet.stats);
  panel.attach(rivulet);
  await Promise.all([pictures, showModel(rivulet)]);
  frames.update(rivulet.stats);
}

const panel = new Panel(element("#panel"));
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

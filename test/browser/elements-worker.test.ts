import { equal } from "../contract/piece-store.ts";
import { onPage, PICTURE, pictureUrl, quiet, SOUND, until } from "../integrations/support/element-page.ts";
import { describe, it } from "./mocha.ts";

const A = pictureUrl("a");
const B = pictureUrl("b");
const STYLE = `data:text/css,${encodeURIComponent("body { --marked: yes }")}`;
const SOUND_URL = URL.createObjectURL(SOUND);

const READY = Promise.resolve();
const CONTROLLED = Promise.resolve(true);
const NEVER = new Promise<never>(() => undefined);

const stateOf = (element: HTMLElement) => element.dataset.rivuletState;

describe("Marked elements where a Service Worker answers", () => {
  it(
    "a picture keeps its own URL, and nothing is fetched or held for it",
    onPage(async ({ list, add, serve, fetched, created }) => {
      list(A, PICTURE);
      const image = add("img", { "data-rivulet": A });
      serve(READY, CONTROLLED);
      equal(stateOf(image), "loading");
      await until(() => image.naturalWidth === 3);
      equal(image.src, A);
      equal(stateOf(image), "done");
      equal(fetched.length + created.length, 0);
    }),
  );

  it(
    "what is not listed is loaded as well, and said to be the origin's",
    onPage(async ({ add, serve }) => {
      const image = add("img", { "data-rivulet": A });
      serve(READY, CONTROLLED);
      await until(() => image.naturalWidth === 3);
      equal(stateOf(image), "origin");
    }),
  );

  it(
    "nothing has its URL before it is known whether the worker answers",
    onPage(async ({ list, add, serve }) => {
      list(A, PICTURE);
      const image = add("img", { "data-rivulet": A });
      serve(READY, NEVER);
      await quiet();
      equal(image.hasAttribute("src"), false);
      equal(stateOf(image), "loading");
    }),
  );

  it(
    "an engine that never comes does not hold up what the worker answers",
    onPage(async ({ list, add, serve }) => {
      list(A, PICTURE);
      const image = add("img", { "data-rivulet": A });
      serve(NEVER, CONTROLLED);
      await until(() => image.naturalWidth === 3);
      equal(stateOf(image), "done");
    }),
  );

  it(
    "a picture for each width has its candidates from data-rivulet-srcset",
    onPage(async ({ list, add, serve }) => {
      list(A, PICTURE);
      const srcset = `${B} 1x`;
      const image = add("img", { "data-rivulet": A, "data-rivulet-srcset": srcset });
      serve(READY, CONTROLLED);
      await until(() => image.currentSrc !== "");
      equal(image.getAttribute("srcset"), srcset);
      equal(image.src, A);
      equal(image.currentSrc, B);
    }),
  );

  it(
    "a style sheet gets its href",
    onPage(async ({ add, serve }) => {
      const link = add("link", { "data-rivulet": STYLE, rel: "stylesheet" });
      serve(READY, CONTROLLED);
      await until(() => link.sheet !== null);
      equal(link.href, STYLE);
    }),
  );

  it(
    "a source makes its player look at it",
    onPage(async ({ add, serve }) => {
      const audio = add("audio", { preload: "metadata" });
      const source = document.createElement("source");
      source.dataset.rivulet = SOUND_URL;
      audio.append(source);
      serve(READY, CONTROLLED);
      await until(() => audio.readyState >= HTMLMediaElement.HAVE_METADATA);
      equal(audio.currentSrc, SOUND_URL);
    }),
  );
});

describe("Marked elements without a Service Worker", () => {
  it(
    "what is no medium gets its URL, listed or not, for it cannot be a Blob",
    onPage(async ({ list, add, serve, fetched }) => {
      list(STYLE, new Blob([]));
      const link = add("link", { "data-rivulet": STYLE, rel: "stylesheet" });
      const frame = add("iframe", { "data-rivulet": "about:blank" });
      serve();
      await until(() => stateOf(link) === "origin" && stateOf(frame) === "origin");
      equal(link.href, STYLE);
      equal(frame.src, "about:blank");
      equal(fetched.length, 0);
    }),
  );

  it(
    "an element of SVG has neither and is left alone",
    onPage(async ({ add, serve, fetched }) => {
      const box = add("div", {});
      box.innerHTML = `<svg><image data-rivulet="${A}"/></svg>`;
      serve();
      await quiet();
      const image = box.querySelector("image") as SVGElement;
      equal(image.hasAttribute("src"), false);
      equal(stateOf(image as unknown as HTMLElement), undefined);
      equal(fetched.length, 0);
    }),
  );
});

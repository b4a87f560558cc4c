import { MIB } from "#sdk/base/bytes.ts";
import { equal } from "../contract/piece-store.ts";
import { onPage, PICTURE, pictureUrl, quiet, SOUND, until } from "../integrations/support/element-page.ts";
import { describe, it } from "./mocha.ts";

const A = pictureUrl("a");
const B = pictureUrl("b");

const stateOf = (element: HTMLElement) => element.dataset.rivuletState;

describe("Marked media", () => {
  it(
    "a picture is shown from the source, and its object URL is revoked",
    onPage(async ({ list, add, serve, fetched, created, revoked }) => {
      list(A, PICTURE);
      const image = add("img", { "data-rivulet": A });
      serve();
      equal(stateOf(image), "loading");
      await until(() => revoked.length > 0);
      equal(image.naturalWidth, 3);
      equal(stateOf(image), "done");
      equal(image.src, created[0] ?? "none");
      equal(fetched.join(), A);
      equal(revoked.join(), created.join());
    }),
  );

  for (const name of ["video", "audio"] as const) {
    it(
      `a ${name} plays from the source, and its object URL lives until it has another`,
      onPage(async ({ list, add, serve, created, revoked }) => {
        list("/sound.wav", SOUND);
        const media = add(name, { "data-rivulet": "/sound.wav" });
        serve();
        await until(() => media.readyState >= HTMLMediaElement.HAVE_METADATA);
        equal(stateOf(media), "done");
        equal(media.src, created[0] ?? "none");
        await quiet();
        equal(revoked.length, 0);
        media.removeAttribute("src");
        media.load();
        await until(() => revoked.length > 0);
        equal(revoked.join(), created.join());
      }),
    );
  }

  it(
    "an empty attribute means what src names",
    onPage(async ({ list, add, serve, fetched }) => {
      list("/sound.wav", SOUND);
      const media = add("audio", { "data-rivulet": "", src: "/sound.wav", preload: "none" });
      serve();
      await until(() => stateOf(media) === "done");
      equal(fetched.join(), "/sound.wav");
      equal(media.src.startsWith("blob:"), true);
    }),
  );

  it(
    "a picture that is shown already is left alone, and so is one that names nothing",
    onPage(async ({ list, add, serve, fetched }) => {
      list(A, PICTURE);
      const shown = add("img", { "data-rivulet": "", src: A });
      const nothing = add("img", { "data-rivulet": "" });
      await until(() => shown.complete);
      serve();
      await quiet();
      equal(fetched.length, 0);
      equal(shown.src, A);
      equal(stateOf(shown), undefined);
      equal(nothing.hasAttribute("src"), false);
    }),
  );

  it(
    "a picture that shows a placeholder gets what the attribute names",
    onPage(async ({ list, add, serve, fetched }) => {
      list(B, PICTURE);
      const image = add("img", { "data-rivulet": B, src: A });
      await until(() => image.complete);
      serve();
      await until(() => stateOf(image) === "done");
      equal(fetched.join(), B);
    }),
  );

  it(
    "what fails, or is answered with an error, is left to the browser",
    onPage(async ({ files, add, serve, created }) => {
      const answers = [
        async () => Promise.reject(new TypeError("down")),
        async () => new Response(null, { status: 404 }),
        async () => new Response(new ReadableStream({ start: (body) => body.error(new Error("broke off")) })),
      ];
      const images = answers.map((answer, index) => {
        const url = pictureUrl(String(index));
        files.set(url, { sizeBytes: 10, answer });
        return { url, image: add("img", { "data-rivulet": url }) };
      });
      serve();
      for (const { url, image } of images) {
        await until(() => stateOf(image) === "origin");
        equal(image.getAttribute("src"), url);
      }
      equal(created.length, 0);
    }),
  );

  it(
    "what the browser does not take as an object URL is left to it, as where a policy forbids them",
    onPage(async ({ list, add, serve, created, revoked }) => {
      list(A, new Blob(["no picture"], { type: "image/png" }));
      const image = add("img", { "data-rivulet": A });
      serve();
      await until(() => stateOf(image) === "origin");
      equal(image.src, A);
      equal(revoked.join(), created.join());
      await until(() => image.naturalWidth === 3);
    }),
  );

  it(
    "when Rivulet cannot run, or does not list it, the browser loads it bit by bit",
    onPage(async ({ add, serve, fetched, list }) => {
      const unlisted = add("img", { "data-rivulet": A });
      serve();
      await until(() => stateOf(unlisted) === "origin");
      equal(unlisted.src, A);
      list(B, PICTURE);
      const listed = add("img", { "data-rivulet": B });
      serve(Promise.reject(new Error("no WebRTC")));
      await until(() => stateOf(listed) !== "loading");
      equal(fetched.includes(A), false);
    }),
  );

  it(
    "media that is too long for one Blob is the browser's",
    onPage(async ({ files, add, serve, fetched }) => {
      const answer = async () => new Response(SOUND);
      files.set("data:,long", { sizeBytes: 64 * MIB + 1, answer });
      files.set("data:,fits", { sizeBytes: 64 * MIB, answer });
      const long = add("video", { "data-rivulet": "data:,long", preload: "none" });
      const fits = add("video", { "data-rivulet": "data:,fits", preload: "none" });
      serve();
      await until(() => stateOf(long) === "origin" && stateOf(fits) === "done");
      equal(long.getAttribute("src"), "data:,long");
      equal(fetched.join(), "data:,fits");
    }),
  );

  it(
    "elements that come later are served too, also within others, and each but once",
    onPage(async ({ list, add, serve, fetched }) => {
      list(A, PICTURE);
      list(B, PICTURE);
      serve();
      const late = add("img", { "data-rivulet": A });
      const box = document.createElement("div");
      box.innerHTML = "<p><img></p>";
      const inner = box.querySelector("img") as HTMLImageElement;
      inner.dataset.rivulet = B;
      add("section", {}).append(box);
      await until(() => stateOf(late) === "done" && stateOf(inner) === "done");
      late.after(box);
      await quiet();
      equal(fetched.join(), [A, B].join());
    }),
  );

  it(
    "elements without the mark are left alone",
    onPage(async ({ list, add, serve, fetched }) => {
      list(A, PICTURE);
      const image = add("img", { src: A });
      serve();
      await quiet();
      equal(fetched.length, 0);
      equal(image.src, A);
    }),
  );
});

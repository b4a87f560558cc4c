import { equal } from "../contract/piece-store.ts";
import { onPage, PICTURE, quiet, until } from "../integrations/support/element-page.ts";
import { describe, it } from "./mocha.ts";

const URL_A = new URL("/files/terrain%20model.stl", location.href).href;
const MARKED = { "data-rivulet": "", download: "" };

/** True when the browser was left to follow the link. */
function click(link: HTMLAnchorElement): boolean {
  return link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
}

/** How many of these clicks nobody took; the page stays where it is. */
function leftToBrowser(clicks: () => void): number {
  let left = 0;
  const stay = (event: Event) => {
    if (!event.defaultPrevented) left++;
    event.preventDefault();
  };
  addEventListener("click", stay);
  clicks();
  removeEventListener("click", stay);
  return left;
}

describe("Marked download links", () => {
  it(
    "a click fetches the file and saves it under its own name",
    onPage(async ({ list, add, serve, fetched, created, revoked, saved, timers }) => {
      list(URL_A, PICTURE);
      const link = add("a", { ...MARKED, href: URL_A });
      serve();
      await quiet();
      equal(fetched.length, 0);
      equal(click(link), false);
      await until(() => saved.length > 0);
      equal(link.dataset.rivuletState, "done");
      equal(saved[0]?.download, "terrain model.stl");
      equal(saved[0]?.href, created[0]);
      equal(link.href, URL_A);
      equal(revoked.length, 0);
      for (const timer of timers) timer();
      equal(revoked.join(), created.join());
    }),
  );

  it(
    "the name that the link gives goes first, and one that cannot be decoded is taken as it is",
    onPage(async ({ list, add, serve, saved }) => {
      const odd = new URL("/files/100%.pdf", location.href).href;
      list(URL_A, PICTURE);
      list(odd, PICTURE);
      const named = add("a", { ...MARKED, href: URL_A, download: "map.stl" });
      const undecodable = add("a", { ...MARKED, href: odd });
      serve();
      click(named);
      await until(() => saved.length === 1);
      click(undecodable);
      await until(() => saved.length === 2);
      equal(saved.map(({ download }) => download).join(), "map.stl,100%.pdf");
    }),
  );

  it(
    "two clicks are one fetch, and a click after that is another",
    onPage(async ({ list, add, serve, fetched, saved }) => {
      list(URL_A, PICTURE);
      const link = add("a", { ...MARKED, href: URL_A });
      serve();
      equal(click(link), false);
      equal(click(link), false);
      await until(() => saved.length > 0);
      await quiet();
      equal(fetched.length, 1);
      click(link);
      await until(() => saved.length > 1);
      equal(fetched.length, 2);
    }),
  );

  it(
    "what fails is saved from its URL by the browser",
    onPage(async ({ files, add, serve, saved, created }) => {
      files.set(URL_A, { answer: async () => new Response(null, { status: 500 }) });
      const link = add("a", { ...MARKED, href: URL_A });
      serve();
      click(link);
      await until(() => saved.length > 0);
      equal(saved[0]?.href, URL_A);
      equal(link.dataset.rivuletState, "origin");
      equal(created.length, 0);
    }),
  );

  it(
    "a link without the mark, a download or an address is the browser's, and so is a click that was taken",
    onPage(async ({ list, add, serve, fetched }) => {
      list(URL_A, PICTURE);
      const links = [
        add("a", { href: URL_A, download: "" }),
        add("a", { href: URL_A, "data-rivulet": "" }),
        add("a", MARKED),
      ];
      const taken = add("a", { ...MARKED, href: URL_A });
      taken.addEventListener("click", (event) => event.preventDefault());
      serve();
      const left = leftToBrowser(() => {
        for (const link of [...links, taken]) click(link);
      });
      await quiet();
      equal(left, links.length);
      equal(fetched.length, 0);
    }),
  );

  it(
    "a click that asks for another tab, or for the browser's own download, is the browser's",
    onPage(async ({ list, add, serve, fetched }) => {
      list(URL_A, PICTURE);
      const link = add("a", { ...MARKED, href: URL_A });
      serve();
      const left = leftToBrowser(() => {
        for (const key of ["ctrlKey", "metaKey", "shiftKey"])
          link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, [key]: true }));
      });
      await quiet();
      equal(left, 3);
      equal(fetched.length, 0);
    }),
  );

  it(
    "with a worker a click is fetched all the same, so that the page knows when it is saved",
    onPage(async ({ list, add, serve, fetched, saved }) => {
      list(URL_A, PICTURE);
      const link = add("a", { ...MARKED, href: URL_A });
      serve(Promise.resolve(), Promise.resolve(true));
      equal(click(link), false);
      await until(() => saved.length > 0);
      equal(fetched.join(), URL_A);
      equal(link.dataset.rivuletState, "done");
    }),
  );
});

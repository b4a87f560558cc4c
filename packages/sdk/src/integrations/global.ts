import { RivuletError } from "../base/errors.ts";
import { complain } from "../client/complain.ts";
import { Rivulet } from "../client/rivulet.ts";
import { serveElements } from "./elements.ts";
import { readScriptTag } from "./script-tag.ts";

/** What the script tag leaves on the page, as `window.Rivulet`. */
interface RivuletGlobal {
  readonly Rivulet: typeof Rivulet;
  readonly RivuletError: typeof RivuletError;
  /** The instance that serves the marked elements; undefined when an attribute was mistyped. */
  current: Rivulet | undefined;
}

const rivuletGlobal: RivuletGlobal = { Rivulet, RivuletError, current: undefined };
Object.assign(window, { Rivulet: rivuletGlobal });

// A script that only wants the class leaves both attributes out.
const script = document.currentScript;
if (script instanceof HTMLScriptElement && Object.keys(script.dataset).length > 0) start(script);

function start(tag: HTMLScriptElement): void {
  try {
    rivuletGlobal.current = new Rivulet(readScriptTag(tag.dataset));
    serveElements(rivuletGlobal.current, document);
  } catch (error) {
    // A mistyped attribute: what else is wrong, the instance tells.
    complain(error);
    const origin = (url: string) => fetch(url);
    serveElements({ ready: Promise.resolve(), fetch: origin, sizeOf: () => undefined }, document);
  }
}

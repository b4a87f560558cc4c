import { normalizePath } from "../../content/url-path.ts";

/**
 * Matches the names, percent-encoded and without folders, that an MPEG-DASH manifest gives to initialization segments;
 * undefined when the text is no such manifest, or is only about to be written. Folders are left aside because BaseURL
 * elements may add some.
 */
export function readMpdInits(text: string): ((name: string) => boolean) | undefined {
  if (!/<MPD[\s>]/.test(text)) return undefined;
  const patterns: RegExp[] = [];
  for (const [, template = ""] of text.matchAll(/\s(?:initialization|sourceURL)\s*=\s*["']([^"'<>]+)["']/g)) {
    const name = normalizePath(/[^/]*$/.exec(template.replace(/[?#].*$/, ""))?.[0] ?? "");
    // $RepresentationID$ and the like stand for any text, and $$ for a dollar (ISO/IEC 23009-1 §5.3.9.4.4).
    const parts = name.split(/(\$[^$]*\$)/).map((part, index) => {
      if (index % 2 === 0) return part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
      return part === "$$" ? "\\$" : "[^/]*";
    });
    if (name !== "") patterns.push(new RegExp(`^${parts.join("")}$`));
  }
  return (name) => patterns.some((pattern) => pattern.test(name));
}

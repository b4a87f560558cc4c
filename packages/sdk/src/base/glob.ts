/**
 * Matches paths with forward slashes against globs: `*` and `?` stay within a name, `**` crosses folders, and a
 * pattern without a slash matches a name in any folder. What lies in a matched folder is never looked at.
 */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => {
    const anchored = glob.replace(/^\.?\//, "").replace(/\/$/, "");
    const prefix = glob.replace(/\/$/, "").includes("/") ? "" : "(?:.*/)?";
    return new RegExp(`^${prefix}${toPattern(anchored)}$`, "su");
  });
  return (path) => patterns.some((pattern) => pattern.test(path));
}

function toPattern(glob: string): string {
  return glob.replace(/\*\*\/|\*\*|\*|\?|[\\^$.()+|{}[\]/-]/g, (token) => {
    switch (token) {
      case "**/":
        return "(?:.*/)?";
      case "**":
        return ".*";
      case "*":
        return "[^/]*";
      case "?":
        return "[^/]";
      case "-":
        return "-";
      default:
        return `\\${token}`;
    }
  });
}

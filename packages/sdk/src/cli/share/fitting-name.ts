/** What the usual disks take: more is refused. */
export const LONGEST_NAME_BYTES = 255;

/** What is longer is no extension, but a name with a dot in it. */
const LONGEST_EXTENSION_BYTES = 32;

/** A name of at most so many bytes in UTF-8; what is cut off is the end of what comes before its extension. */
export function fittingName(name: string, mostBytes: number): string {
  if (Buffer.byteLength(name) <= mostBytes) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 ? name.slice(dot) : "";
  if (Buffer.byteLength(extension) > LONGEST_EXTENSION_BYTES) return beginning(name, mostBytes);
  const stem = name.slice(0, name.length - extension.length);
  return beginning(stem, mostBytes - Buffer.byteLength(extension)) + extension;
}

/** Never ends within a character. */
function beginning(text: string, mostBytes: number): string {
  let [end, bytes] = [0, 0];
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostBytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}

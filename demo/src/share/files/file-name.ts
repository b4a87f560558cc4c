/** Longer names are shortened in their middle where the line is too short. */
const LONG = 18;
const TAIL = 10;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** Marks that turn what follows around: "exe.gpj" would read "jpg.exe" behind one, and pass for a picture. */
const TURNING_MARKS = /[\u202a-\u202e\u2066-\u2069]/g;
const CONTROLS = /\p{Cc}/gu;

/** A name as it may be shown: what could pass it off for another is made visible. */
export function shownName(name: string): string {
  return name.replace(TURNING_MARKS, "\ufffd").replace(CONTROLS, "\ufffd");
}

export interface NameParts {
  readonly head: string;
  /** Its end, with the ending: always shown. Empty when the name is to be wrapped instead. */
  readonly tail: string;
}

/** Where a name may be shortened. Written from right to left it is wrapped: cut in two, its digits would change places. */
export function nameParts(name: string): NameParts {
  if (RIGHT_TO_LEFT.test(name)) return { head: name, tail: "" };
  const letters = graphemes(name);
  if (letters.length <= LONG) return { head: name, tail: "" };
  return { head: letters.slice(0, -TAIL).join(""), tail: letters.slice(-TAIL).join("") };
}

/** What people see as one letter each; an accent is not torn off its letter. */
function graphemes(text: string): string[] {
  if (!("Segmenter" in Intl)) return Array.from(text);
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

import { troubleOf } from "./trouble-words.ts";

/** A state in words. */
export interface StateWords {
  readonly tone: "busy" | "wait" | "done" | "bad";
  readonly title: string;
  /** May change with each look. */
  readonly detail: string;
  /** What is said aloud: free of figures that change all the time. */
  readonly spoken: string;
}

/** The same for what ended in an error, which says why. */
export function failedWords(error: Error): StateWords {
  const { title, text } = troubleOf(error);
  return { tone: "bad", title, detail: text, spoken: `${title}. ${text}` };
}

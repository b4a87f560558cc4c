/** Told how far a run is: a share of all its work, and a word on what it does. */
export type Progress = (share: number, doing: string) => void;

/** What a scenario is run with; the same parameters tell the same story. */
export interface ScenarioRun {
  readonly seed: number;
  readonly peers: number;
  readonly progress: Progress;
}

/** One measured figure of the table and of the line of JSON. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly meaning: string;
  /** What issue 3 asks of it, such as "≤ 1.05"; undefined when it is only told. */
  readonly goal?: string;
}

/** Some numbers under a name, for the chart. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** What a world came to. */
export interface ScenarioResult {
  /** What the physical world would allow, ms. */
  readonly boundMs: number;
  readonly figures: readonly Figure[];
  /** How long each who finished took, ms, one series a world that was run. */
  readonly completions: readonly Series[];
  /** What the origin or the seeder sent over time, bytes per second, one value each `loadEveryMs`. */
  readonly load: readonly Series[];
  readonly loadEveryMs: number;
  readonly steps: number;
  /** Wall time within the engines, ms. */
  readonly stepMs: number;
}

/** One file of test/sim/scenarios. */
export interface Scenario {
  readonly name: string;
  /** One line for the list. */
  readonly about: string;
  /** How many peers it is meant for. */
  readonly peers: number;
  run(run: ScenarioRun): ScenarioResult;
}

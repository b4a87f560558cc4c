import type { Scenario } from "../tool/scenario.ts";
import { churn } from "./churn.ts";
import { cost } from "./cost.ts";
import { datacenter } from "./datacenter.ts";
import { flashCrowd } from "./flash-crowd.ts";
import { freeRiders } from "./free-riders.ts";
import { kraken } from "./kraken.ts";
import { noServer } from "./no-server.ts";
import { poison } from "./poison.ts";

/** Every scenario, in the order of the list. */
export const SCENARIOS: readonly Scenario[] = [
  kraken,
  datacenter,
  flashCrowd,
  churn,
  freeRiders,
  poison,
  noServer,
  cost,
];

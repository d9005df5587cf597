/**
 * The `terms` dataset: what the forecasts, fields and quarters of this Clari are called, from the configuration and
 * from what earlier exports showed. Nothing is asked for it.
 */
import type { DatasetProvider, Term } from "#connector";
import type { Clari } from "../clari.ts";
import { fiscalCalendar, type ListedQuarter } from "./fiscal-calendar.ts";
import { FIGURES, type Figure, findFields } from "./forecast-figures.ts";
import { forecastStandings } from "./forecast-standings.ts";
import type { Snapshot } from "./snapshots.ts";

const LONGEST = 300;

const WORDS: Readonly<Record<Figure, string>> = {
  commit: "Commit call",
  bestCase: "Best case call",
  quota: "Quota",
  crmPipeline: "Open pipeline",
  crmClosed: "Closed",
};

export const terms: DatasetProvider<Clari, "terms"> = {
  plan: () => [],

  async read(_, { api, clock }) {
    const standings = await forecastStandings(api);
    const { quarters } = await fiscalCalendar(api);
    const { default: named, ...others } = api.settings.forecasts;
    const forecastId = named ?? Object.values(others)[0];
    const snapshot =
      forecastId === undefined ? undefined : await api.snapshots.newest({ forecastId }, clock.now());
    const rows = [
      ...standings.flatMap(({ name, id, state }) => (name === null ? [] : forecastTerm(name, id, state))),
      ...FIGURES.flatMap((figure) => figureTerm(figure, snapshot, api)),
      ...quarters.map(quarterTerm),
    ];
    // Of what Clari said, the oldest; the configuration is as of now.
    const times = [snapshot?.asOf, ...quarters.map(({ at }) => at)].filter((at) => at !== undefined);
    return { rows: rows.map(short), asOf: new Date(Math.min(clock.now(), ...times)).toISOString() };
  },
};

const STATES = {
  read: "",
  no_such_forecast_config: ", unknown to Clari",
  no_optin: ", not open to this token's user",
} as const;

const forecastTerm = (name: string, id: string, state: keyof typeof STATES | undefined): Term => ({
  term: name,
  meaning: `Clari forecast ${id}${state ? STATES[state] : ", not yet read"}.`,
  field: id,
});

/** By the configuration, or as the latest reading of the forecast shows; none where neither says. */
const figureTerm = (figure: Figure, snapshot: Snapshot | undefined, { settings }: Clari): Term[] => {
  const { reading } = snapshot ?? {};
  const found = reading && findFields(reading.entries, reading.fields, settings.fields);
  const id = found?.fields[figure] ?? settings.fields[figure]?.[0];
  if (id === undefined) return [];
  const name = reading?.fields.find(({ fieldId }) => fieldId === id)?.fieldName ?? id;
  const doubt = found?.unsure.includes(figure)
    ? "; several could be meant, the setting `fields` decides"
    : "";
  return [{ term: WORDS[figure], meaning: `Clari field ${name}${doubt}.`, field: id }];
};

const quarterTerm = ({ id, from, to, source }: ListedQuarter): Term => ({
  term: id,
  meaning: `Fiscal quarter from ${from} to ${to}, ${source === "clari" ? "as Clari said" : "by the configured calendar"}.`,
  field: null,
});

const short = ({ term, meaning, field }: Term): Term => ({ term: cut(term), meaning: cut(meaning), field });

const cut = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).toWellFormed()}…`;

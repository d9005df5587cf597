/** Which of Clari's fields means what: every company names its own. */
import type { ForecastField } from "../answers.ts";
import type { Settings } from "../settings.ts";
import type { Entry } from "./forecast-entry.ts";

export const FIGURES = ["quota", "commit", "bestCase", "crmPipeline", "crmClosed"] as const;
export type Figure = (typeof FIGURES)[number];

/** The Clari field behind each figure, as far as there is one. */
export type FigureFields = Partial<Record<Figure, string>>;

export interface FoundFields {
  readonly fields: FigureFields;
  /** Figures that several fields could be; the first is used. */
  readonly unsure: readonly Figure[];
}

const VALUE: Readonly<Record<Figure, (entry: Entry) => number | undefined>> = {
  quota: ({ quotaValue }) => quotaValue,
  commit: ({ forecastValue }) => forecastValue,
  bestCase: ({ forecastValue }) => forecastValue,
  crmPipeline: ({ aggregationTotal }) => aggregationTotal,
  crmClosed: ({ closedValue, aggregationTotal }) => closedValue ?? aggregationTotal,
};

const LOOKS_LIKE: Readonly<Record<Figure, RegExp>> = {
  quota: /quota|target/i,
  commit: /commit/i,
  bestCase: /best[\s_-]*case/i,
  crmPipeline: /pipe/i,
  crmClosed: /closed|won|booked/i,
};

/** Says the opposite in the same words: closed lost, uncommitted. */
const IS_NOT: Partial<Readonly<Record<Figure, RegExp>>> = {
  commit: /un[\s_-]*commit|no[nt][\s_-]*commit/i,
  crmClosed: /lost|omit/i,
};

export const figureOf = (figure: Figure, entry: Entry): number | null => VALUE[figure](entry) ?? null;

/**
 * The configured field where there is one, else the one whose id, name or type speaks of it. `entries` are
 * all of a reading: of one week alone another field might be the best.
 */
export const findFields = (
  entries: readonly Entry[],
  fieldsOfFile: readonly ForecastField[],
  configured: Settings["fields"],
): FoundFields => {
  const described = new Map(fieldsOfFile.map((field) => [field.fieldId, field]));
  const fields: FigureFields = {};
  const unsure: Figure[] = [];

  for (const figure of FIGURES) {
    const filled = [
      ...new Set(entries.filter((entry) => figureOf(figure, entry) !== null).map(({ fieldId }) => fieldId)),
    ];
    const chosen = configured[figure]?.find((id) => filled.includes(id));
    const named = filled.filter((id) => {
      const text = textOf(id, described.get(id));
      return LOOKS_LIKE[figure].test(text) && !IS_NOT[figure]?.test(text);
    });
    // A quota may stand on the commit field itself, under no name of its own.
    const fallback = figure === "quota" && named.length === 0 ? filled : named;
    const best = chosen ?? fallback.toSorted((a, b) => a.length - b.length)[0];
    if (best !== undefined) fields[figure] = best;
    if (!chosen && fallback.length > 1) unsure.push(figure);
  }
  return { fields, unsure };
};

const textOf = (id: string, field: ForecastField | undefined): string =>
  `${id} ${field?.fieldName ?? ""} ${field?.fieldType ?? ""}`;

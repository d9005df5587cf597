/** Forecast categories: Salesforce's words, the dataset's, and the stage that may mean Commit instead. */
import type { Deal } from "#connector";
import type { Settings } from "../config.ts";
import { list, type Soql, soql, text } from "../soql/literals.ts";

type Category = Deal["category"];

/** ForecastCategoryName as Salesforce ships it; where two mean the same, the usual one last. */
const CATEGORIES: Readonly<Record<string, Category>> = {
  Commit: "commit",
  "Most Likely": "best_case",
  "Best Case": "best_case",
  Pipeline: "pipeline",
  Omitted: "omitted",
  Closed: "closed",
};

/** Where a stage means Commit, the forecast category Commit alone does not; it is one step below then. */
export const categoryOf = (stage: string, name: string, { commitStageName }: Settings): Category => {
  if (stage === commitStageName) return "commit";
  const category = CATEGORIES[name] ?? "pipeline";
  return category === "commit" && commitStageName !== undefined ? "best_case" : category;
};

/** The inverse of {@link categoryOf}, as a condition. */
export const inCategory = (category: Category, { commitStageName }: Settings): Soql => {
  const named = list(namesOf(category).map(text));
  if (commitStageName === undefined) return soql`ForecastCategoryName IN ${named}`;
  const stage = text(commitStageName);
  if (category === "commit") return soql`StageName = ${stage}`;
  const names = category === "best_case" ? list(["Best Case", "Most Likely", "Commit"].map(text)) : named;
  return soql`ForecastCategoryName IN ${names} AND StageName != ${stage}`;
};

/** Which of an org's `words` says this category; undefined where none does. */
export const wordFor = (category: string, words: readonly string[]): string | undefined =>
  namesOf(category).findLast((name) => words.includes(name));

/** The category of one of an org's words; undefined for one that Salesforce does not ship. */
export const meaningOf = (word: string): Category | undefined => CATEGORIES[word];

const namesOf = (category: string): string[] =>
  Object.keys(CATEGORIES).filter((name) => CATEGORIES[name] === category);

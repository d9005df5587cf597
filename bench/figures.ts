/** What a measurement found, and how it is shown. */
export interface Figure {
  readonly what: string;
  readonly hub: string;
  /** What it is measured against. */
  readonly beside: string;
  readonly reached: string;
  readonly wanted: string;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

export const show = (value: number, digits = 2): string => value.toFixed(digits);

const COLUMNS: readonly (keyof Figure)[] = ["what", "hub", "beside", "reached", "wanted"];

export const printFigures = (title: string, beside: string, figures: readonly Figure[]): void => {
  const lines: readonly Figure[] = [
    { what: title, hub: "hub", beside, reached: "reached", wanted: "to reach" },
    ...figures,
  ];
  const widths = COLUMNS.map((column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines)
    process.stdout.write(
      `${COLUMNS.map((column, place) => line[column].padEnd(widths[place]!))
        .join("  ")
        .trimEnd()}\n`,
    );
  process.stdout.write("\n");
};

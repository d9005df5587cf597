/** Colours and columns for people; plain text when the output is piped or NO_COLOR is set. */
import { stripVTControlCharacters, styleText } from "node:util";
import stringWidth from "string-width";

type Style = Parameters<typeof styleText>[0];
/** styleText looks at the stream: no colours into pipes and files. */
const styled = (style: Style) => (text: string) => styleText(style, text, { stream: process.stdout });

export const bold = styled("bold");
export const dim = styled("dim");
export const red = styled("red");
export const green = styled("green");
export const yellow = styled("yellow");
export const cyan = styled("cyan");

const GAP = "  ";

/** How wide people see what is printed; pipes and files as wide as most terminals. */
export const terminalWidth = (): number => process.stdout.columns ?? 120;

/** Aligned columns under a heading; numbers to the right; texts wrap in their columns at the terminal's width. */
export const table = (
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string => {
  const cells = rows.map((row) => row.map(String));
  const columns = headings.map((heading, place) => [heading, ...cells.map((row) => row[place] ?? "")]);
  const width = terminalWidth();
  const widths = readableWidths(columns, width) ?? fittedWidths(columns, leastWidth, width);
  const numeric = headings.map((_, place) => rows.length > 0 && cells.every((row) => isNumeric(row[place])));

  const line = (row: readonly string[]): string[] => {
    const wrapped = headings.map((_, place) => wrap(row[place] ?? "", widths[place]!));
    const height = Math.max(...wrapped.map((lines) => lines.length));
    return Array.from({ length: height }, (_, at) =>
      wrapped
        .map((lines, place) => pad(lines[at] ?? "", widths[place]!, numeric[place]!))
        .join(GAP)
        .trimEnd(),
    );
  };
  return [...line(headings).map(dim), ...cells.flatMap(line)].map((text) => `${text}\n`).join("");
};

/** Whether `table` can show these without a cell of more than a few lines. */
export const isReadableAsTable = (
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): boolean => {
  const columns = headings.map((heading, place) => [heading, ...rows.map((row) => row[place] ?? "")]);
  return readableWidths(columns, terminalWidth()) !== undefined;
};

const MOST_LINES_A_CELL = 4;

const readableWidths = (columns: readonly string[][], width: number): number[] | undefined => {
  const widths = fittedWidths(
    columns,
    (cells) => Math.max(leastWidth(cells), Math.ceil(naturalWidth(cells) / MOST_LINES_A_CELL)),
    width,
  );
  return totalWidth(widths) <= width ? widths : undefined;
};

/** The widest columns give way first, none below its least width, even if all of them are too wide then. */
const fittedWidths = (
  columns: readonly string[][],
  least: (cells: string[]) => number,
  width: number,
): number[] => {
  const natural = columns.map(naturalWidth);
  const smallest = columns.map(least);
  let most = Math.max(0, ...natural);
  const widths = () => natural.map((wanted, place) => Math.max(smallest[place]!, Math.min(wanted, most)));
  while (most > 0 && totalWidth(widths()) > width) most -= 1;
  return widths();
};

const totalWidth = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);

const naturalWidth = (cells: readonly string[]): number =>
  cells.reduce((widest, cell) => Math.max(widest, stringWidth(cell)), 0);

/** No word is broken: ids and addresses are copied. */
const leastWidth = (cells: readonly string[]): number =>
  naturalWidth(cells.flatMap((cell) => cell.split(/\s+/)));

const isNumeric = (cell: string | undefined): boolean =>
  cell === undefined || /^([-+]?[\d,.]+%?)?$/.test(stripVTControlCharacters(cell));

const pad = (text: string, width: number, right: boolean): string => {
  const space = " ".repeat(Math.max(width - stringWidth(text), 0));
  return right ? space + text : text + space;
};

export const wrap = (text: string, width: number): string[] => {
  if (stringWidth(text) <= width && !text.includes("\n")) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && stringWidth(line) + 1 + stringWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
};

/** 1234567.5 → 1,234,567.50; whole numbers without decimals, if nobody says otherwise. */
export const amount = (value: number, digits = Number.isInteger(value) ? 0 : 2): string =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

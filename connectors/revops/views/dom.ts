/** Elements from data. Text becomes text nodes, never markup: an answer carries what strangers wrote. */

type Attribute = string | number | boolean | undefined | ((event: Event) => void);
export type Attributes = Readonly<Record<string, Attribute>>;
export type Child = Node | string | false | undefined;

const SVG = "http://www.w3.org/2000/svg";

/** `on…` are listeners, false and undefined attributes are left out. */
const fill = <E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E => {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== false && child !== undefined));
  return element;
};

export const h = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => fill(document.createElement(tag), attributes, children);

export const s = <K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] => fill(document.createElementNS(SVG, tag), attributes, children);

/**
 * Makes marks of a chart one stop of the Tab key: arrows go from one to the next, Enter or a click chooses.
 * The first mark is the one that Tab reaches, until another was looked at.
 */
export const chooseAmong = (
  marks: readonly SVGElement[],
  { look, choose }: { look?(index: number): void; choose(index: number): void },
): void => {
  const go = (index: number) => {
    const target = marks[Math.max(0, Math.min(marks.length - 1, index))];
    for (const mark of marks) mark.setAttribute("tabindex", mark === target ? "0" : "-1");
    target?.focus();
  };
  const steps: Record<string, (index: number) => number> = {
    ArrowRight: (index) => index + 1,
    ArrowDown: (index) => index + 1,
    ArrowLeft: (index) => index - 1,
    ArrowUp: (index) => index - 1,
    Home: () => 0,
    End: () => marks.length - 1,
  };
  for (const [index, mark] of marks.entries()) {
    mark.setAttribute("role", "option");
    mark.setAttribute("tabindex", index === 0 ? "0" : "-1");
    mark.addEventListener("click", () => choose(index));
    mark.addEventListener("focus", () => look?.(index));
    mark.addEventListener("pointerenter", () => look?.(index));
    mark.addEventListener("keydown", (event) => {
      const next = steps[event.key]?.(index);
      if (next !== undefined) go(next);
      else if (event.key === "Enter" || event.key === " ") choose(index);
      else return;
      event.preventDefault();
    });
  }
};

/** Which of them is chosen, for the eye and for a screen reader. */
export const markChosen = (marks: readonly Element[], chosen: number): void => {
  for (const [index, mark] of marks.entries()) mark.setAttribute("aria-selected", String(index === chosen));
};

import { h } from "./dom.ts";

export interface Tip {
  readonly box: HTMLElement;
  /** `x`, `y`: the mark's place in the picture. */
  show(x: number, y: number, width: number, lines: readonly string[]): void;
  hide(): void;
}

/** A label beside the mark that is looked at. Screen readers have the mark's own name. */
const createTip = (): Tip => {
  const box = h("div", { class: "tip", "aria-hidden": "true", hidden: true });
  return {
    box,
    show(x, y, width, lines) {
      const [first = "", ...rest] = lines;
      box.replaceChildren(h("strong", {}, first), ...rest.map((line) => h("span", {}, line)));
      box.hidden = false;
      const left = Math.max(0, Math.min(x - box.offsetWidth / 2, width - box.offsetWidth));
      const above = y - box.offsetHeight - 12;
      box.style.transform = `translate(${left}px, ${above < 0 ? y + 14 : above}px)`;
    },
    hide: () => {
      box.hidden = true;
    },
  };
};

/** What a picture stands in: where it is drawn, and a label that goes when nothing is looked at. */
export const createFrame = () => {
  const tip = createTip();
  const canvas = h("div", { class: "canvas", onpointerleave: () => tip.hide() });
  const element = h("div", { class: "chart" }, canvas, tip.box);
  element.addEventListener("focusout", () => tip.hide());
  return { tip, canvas, element };
};

/** What every view has around its picture: the host, the headline, notices, sources, and reading again. */
import { list, type Row, record, text } from "./answer.ts";
import { type Child, h } from "./dom.ts";
import { createFormat, type Format } from "./format.ts";
import { connectToHost, type Host, type HostContext, type ToolResult } from "./host.ts";

export interface Page {
  readonly format: Format;
  /** The arguments of the call that is shown. */
  readonly input: Row;
  /** Draws now and whenever the width has changed. */
  onWidth(box: HTMLElement, draw: (width: number) => void): void;
  /** A button that calls a tool; undefined where the host allows none. `told` says in a line what came of it. */
  callButton(
    label: string,
    call: () => ToolCall,
    told: (answer: Row) => string,
  ): HTMLButtonElement | undefined;
  /** Undefined where the host opens no links. */
  readonly open: ((url: string | undefined) => void) | undefined;
  /** Undefined where there is no link or the host opens none. */
  linkButton(label: string, url: string | undefined): HTMLButtonElement | undefined;
}

export interface ToolCall {
  /** Undefined: the tool whose answer is shown. */
  readonly tool?: string;
  readonly input: object;
}

export interface View {
  readonly title: string;
  /** As declared; hosts that say under which name they know it are believed. */
  readonly tool: string;
  /** What stands beside the title. */
  headline(answer: Row, format: Format): string;
  draw(answer: Row, page: Page): readonly Child[];
}

export const show = async (view: View): Promise<void> => {
  const main = h("main", { tabindex: -1 });
  const status = h("p", { class: "status", role: "status" });
  document.body.append(main, status);
  document.title = view.title;

  let host: Host | undefined;
  let context: HostContext = {};
  let input: Row = {};
  let answer: Row | undefined;
  let watched: ResizeObserver | undefined;

  const say = (line: string) => status.replaceChildren(line);
  const call = async ({ tool, input: given }: ToolCall): Promise<Row> => {
    const name = tool ?? context.toolInfo?.tool?.name ?? view.tool;
    const result = await host!.callTool!(name, given);
    const came = answerIn(result);
    const refused = refusal(result, came);
    if (refused) throw new Error(refused);
    return came;
  };

  const draw = () => {
    if (!answer || !host) return;
    const { callTool, openLink } = host;
    const format = createFormat(context.locale, context.timeZone);
    watched?.disconnect();
    const draws = new Map<Element, (width: number) => void>();
    const observer = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) draws.get(target)?.(contentRect.width);
    });
    watched = observer;
    const open = openLink
      ? (url: string | undefined) => {
          if (url) openLink(url).catch(({ message }: Error) => say(`The link was not opened: ${message}`));
        }
      : undefined;
    const page: Page = {
      format,
      input,
      onWidth(box, drawAt) {
        let at = 0;
        draws.set(box, (width) => {
          if (width > 0 && width !== at) drawAt(width);
          at = width;
        });
        observer.observe(box);
      },
      callButton(label, whatToCall, told) {
        if (!callTool) return undefined;
        let busy = false;
        const onclick = async () => {
          if (busy) return;
          busy = true;
          const hadFocus = document.activeElement === button;
          button.setAttribute("aria-busy", "true");
          say("Reading…");
          try {
            say(told(await call(whatToCall())));
          } catch (error) {
            say(`Nothing new: ${(error as Error).message}`);
          }
          busy = false;
          button.removeAttribute("aria-busy");
          // Drawn anew: whoever uses a keyboard goes on where they were.
          if (hadFocus && !button.isConnected) (sameButton(main, label) ?? main).focus();
        };
        const button = h("button", { type: "button", class: "action", onclick: () => void onclick() }, label);
        return button;
      },
      open,
      linkButton: (label, url) =>
        open && url
          ? h("button", { type: "button", class: "action", onclick: () => open(url) }, label)
          : undefined,
    };
    const again = page.callButton(
      "Read again",
      () => ({ input }),
      (fresh) => {
        answer = fresh;
        draw();
        return "Read again just now.";
      },
    );
    main.replaceChildren(
      h(
        "header",
        {},
        h("div", {}, h("h1", {}, view.title), h("p", {}, view.headline(answer, format))),
        again,
      ),
      ...notices(answer),
      ...view.draw(answer, page).filter((part) => part !== undefined && part !== false),
      sources(answer, format),
    );
  };

  const wait = (line: string) => main.replaceChildren(h("p", { class: "empty" }, line));
  wait("Waiting for the answer…");
  host = await connectToHost(view.tool, {
    input: (given) => {
      input = given;
    },
    result(result) {
      const came = answerIn(result);
      const refused =
        refusal(result, came) ??
        (came.dry_run === undefined ? undefined : "This was a dry run: nothing was read, nothing to draw.");
      if (refused) return wait(refused);
      answer = came;
      say("");
      try {
        draw();
      } catch (error) {
        wait("This answer could not be drawn. What it says stands in the conversation.");
        reportError(error);
      }
    },
    cancelled: () => wait("The call was cancelled."),
    context(changed) {
      const said = changed.locale !== context.locale || changed.timeZone !== context.timeZone;
      context = changed;
      wear(context);
      // Colours change by themselves; drawing anew would forget what was chosen.
      if (said) draw();
    },
  });
};

const sameButton = (main: HTMLElement, label: string): HTMLElement | undefined =>
  [...main.querySelectorAll<HTMLElement>("button.action")].find(({ textContent }) => textContent === label);

/** Hosts may leave out `structuredContent`; the text says the same. */
const answerIn = ({ structuredContent, content }: ToolResult): Row => {
  if (structuredContent !== undefined) return record(structuredContent);
  try {
    return record(JSON.parse(content?.find(({ type }) => type === "text")?.text ?? "{}"));
  } catch {
    return {};
  }
};

const refusal = ({ isError }: ToolResult, answer: Row): string | undefined => {
  const { message, hint } = record(answer.error);
  if (!isError && answer.error === undefined) return undefined;
  return [text(message) || "The tool did not answer.", text(hint)].filter(Boolean).join(" ");
};

const notices = (answer: Row): readonly HTMLElement[] => {
  // What is said to a model about held rows, a person has a button for.
  const lines = list(answer.notices)
    .map(text)
    .filter((line) => line && !line.includes("hub_get_more"));
  return lines.length === 0
    ? []
    : [h("ul", { class: "notices", "aria-label": "Notices" }, ...lines.map((line) => h("li", {}, line)))];
};

const sources = (answer: Row, format: Format): HTMLElement =>
  h(
    "footer",
    { "aria-label": "Sources" },
    ...list(answer.sources)
      .map(record)
      .map(({ system, asOf, cached }) =>
        h("span", {}, `${text(system)}, as of ${format.time(text(asOf))}${cached === true ? ", kept" : ""}`),
      ),
  );

/** The host's look, where it has one. */
const wear = ({ theme, styles }: HostContext): void => {
  const { dataset, style } = document.documentElement;
  if (theme === "light" || theme === "dark") dataset.theme = theme;
  else delete dataset.theme;
  for (const [name, value] of Object.entries(styles?.variables ?? {}))
    if (name.startsWith("--") && value !== undefined) style.setProperty(name, value);
};

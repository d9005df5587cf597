/** The page around a view in a person's own browser: the smallest host of MCP Apps that will do. */

export interface ViewPage {
  readonly html: string;
  readonly csp: string;
}

/** @param nonce for the page's own script and style, the only ones it may have */
export const viewPage = (nonce: string): ViewPage => ({
  csp: [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "frame-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  html: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>RevOps Hub</title>
    <link rel="icon" href="data:,">
    <style nonce="${nonce}">${STYLE}</style>
  </head>
  <body>
    <iframe sandbox="allow-scripts" title="The answer"></iframe>
    <script nonce="${nonce}">${SCRIPT}</script>
  </body>
</html>
`,
});

/** What a view may do unless it asks for more, which ours never do; and only this page may frame it. */
export const VIEW_CSP = [
  "sandbox allow-scripts",
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

const STYLE = `
  :root { color-scheme: light dark; background: light-dark(#fff, #1b1d21); }
  body { max-width: 1180px; margin: 0 auto; padding: 12px; }
  iframe { display: block; width: 100%; height: 60vh; border: 0; }
`;

const SCRIPT = `
(async () => {
  const frame = document.querySelector("iframe");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => (dark.matches ? "dark" : "light");
  const { tool, title, input, result } = await (await fetch("answer")).json();
  document.title = title;
  const send = (message) => frame.contentWindow.postMessage({ jsonrpc: "2.0", ...message }, "*");
  const answers = {
    ping: () => ({}),
    "ui/initialize": () => ({
      protocolVersion: "2026-01-26",
      hostInfo: { name: "revops-hub", version: "1.0.0" },
      hostCapabilities: { serverTools: {}, openLinks: {} },
      hostContext: {
        theme: theme(),
        locale: navigator.language,
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        toolInfo: { tool: { name: tool, inputSchema: { type: "object" } } },
      },
    }),
    "tools/call": async (params) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch("call", { method: "POST", headers, body: JSON.stringify(params) }).catch(() => {
        throw new Error("The command that showed this has ended. Start it again.");
      });
      if (!answer.ok) throw new Error(await answer.text());
      return answer.json();
    },
    "ui/open-link": ({ url }) => {
      if (!/^https?:/.test(url)) throw new Error("This is no web address.");
      open(url, "_blank", "noopener,noreferrer");
      return {};
    },
  };
  const told = {
    "ui/notifications/initialized": () => {
      send({ method: "ui/notifications/tool-input", params: { arguments: input } });
      send({ method: "ui/notifications/tool-result", params: result });
    },
    "ui/notifications/size-changed": ({ height }) => {
      if (height > 0) frame.style.height = height + "px";
    },
  };
  addEventListener("message", async ({ source, data }) => {
    if (source !== frame.contentWindow || data?.jsonrpc !== "2.0" || !data.method) return;
    const { id, method, params = {} } = data;
    if (id === undefined) return told[method]?.(params);
    try {
      if (!answers[method]) throw new Error("This page does not know " + method + ".");
      send({ id, result: await answers[method](params) });
    } catch ({ message }) {
      send({ id, error: { code: -32603, message } });
    }
  });
  dark.addEventListener("change", () =>
    send({ method: "ui/notifications/host-context-changed", params: { theme: theme() } }),
  );
  addEventListener("pagehide", () => navigator.sendBeacon("bye"));
  frame.src = "view";
})();
`;

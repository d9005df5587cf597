import { test } from "vitest";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { startHub } from "../../kit/hub.ts";
test("x", async () => {
  const hub = await startHub();
  const { tools } = await hub.client.listTools();
  for (const tool of tools) if (tool.name.startsWith("revops")) console.log(tool.name, countTokens(JSON.stringify(tool)), JSON.stringify(tool));
  for (const [name, input] of [["revops_prepare_forecast_call", {}], ["revops_review_changes", {since:"2026-11-16"}], ["revops_compare_forecast", {}]] as const) {
    const t = performance.now();
    const { answer } = await hub.call(name, input);
    console.log(name, countTokens(JSON.stringify(answer)), performance.now() - t, JSON.stringify(answer).slice(0, 900));
  }
});

import type { Plan } from "#connector";

/** What several datasets would ask in the same words is one request: reads within a call share it. */
export const distinctRequests = (plan: Plan): Plan => [
  ...new Map(
    plan.map((request) => [
      JSON.stringify([request.system, request.method, request.url, request.body]),
      request,
    ]),
  ).values(),
];

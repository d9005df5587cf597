/** What accounts, contacts and leads share: they came from an import, so the integration user made them. */
import { type SavedChange, systemFields } from "../schema/sobject.ts";
import type { World } from "../world.ts";

export const LEAD_SOURCES = ["Web", "Partner Referral", "Trade Show", "Outbound", "Customer Event", "Other"];
export const RATINGS = ["Hot", "Warm", "Cold"];

export const fullName = (row: { readonly firstName: string | null; readonly lastName: string }): string =>
  [row.firstName, row.lastName].filter(Boolean).join(" ");

interface Imported {
  readonly id: string;
  readonly createdAt: number;
  lastModifiedAt: number;
}

export const importedFields = <R extends Imported>() =>
  systemFields<R>(({ id }) => id, {
    createdAt: (row) => row.createdAt,
    createdBy: (_row, world) => world.company.stories.integrationUser,
    modifiedAt: (row) => row.lastModifiedAt,
    modifiedBy: (row, world) =>
      String(world.extra(row.id, "LastModifiedById") ?? world.company.stories.integrationUser),
  });

export const importedSaved = (
  row: Imported,
  _changed: readonly SavedChange[],
  byId: string,
  world: World,
) => {
  world.assign(row, { lastModifiedAt: world.now() });
  world.setExtra(row.id, "LastModifiedById", byId);
};

/** What the configuration lets this hub read, for queries of a model and for our own alike. */
import type { Settings } from "./config.ts";
import { soqlRefusal } from "./errors.ts";
import { SoqlError } from "./soql/errors.ts";
import { harden } from "./soql/harden.ts";
import { SALESFORCE_LIMITS } from "./soql/limits.ts";
import { DEFAULT_POLICY, type SoqlPolicy } from "./soql/policy.ts";

export interface Readable {
  /** What queries may read. */
  readonly policy: SoqlPolicy;
  /** Whether the configuration lets this field be read. */
  mayRead(object: string, field: string): boolean;
  /** Throws `forbidden` when the configuration does not let a ready-made query be asked. */
  refuseForbidden(soql: string): void;
}

export const createReadable = ({ objects, denyFields, fieldSecurity }: Settings): Readable => {
  const policy: SoqlPolicy = {
    ...DEFAULT_POLICY,
    // Long lists of ids are sent in parts; what may be long beside them, the address bounds.
    maxLength: SALESFORCE_LIMITS.maxLength,
    denyObjects: [...DEFAULT_POLICY.denyObjects, ...objects.deny],
    ...(objects.allow && { allowObjects: objects.allow }),
    denyFields,
    fieldSecurity,
  };
  return {
    policy,
    mayRead(object, field) {
      try {
        harden(`SELECT ${field} FROM ${object}`, policy);
        return true;
      } catch (error) {
        if (error instanceof SoqlError) return false;
        throw error;
      }
    },
    refuseForbidden(soql) {
      try {
        harden(soql, policy);
      } catch (error) {
        throw soqlRefusal(error);
      }
    },
  };
};

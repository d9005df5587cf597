/** What the host lends each connector for its own: values that last, secrets that last, and time. */

/** Small durable values (JSON), one namespace per connector. */
export interface KeyedStore {
  get<T>(key: string): Promise<T | undefined>;
  /** All that begins with `prefix`, in the order of the keys. */
  list<T>(prefix: string): Promise<readonly { readonly key: string; readonly value: T }[]>;
  put(key: string, value: unknown, options?: { readonly expiresAt?: number }): Promise<void>;
  /** Puts only if the key is absent or expired; true if it did. The way two processes agree on one owner. */
  claim(key: string, value: unknown, options?: { readonly expiresAt?: number }): Promise<boolean>;
  delete(key: string): Promise<void>;
}

/** Small secrets (JSON), sealed on disk. Names: lower-case letters, digits and dashes. */
export interface Vault {
  /** Undefined when there is none. Throws `needs_login` when it was changed or its key is gone. */
  get(name: string): Promise<unknown>;
  /** On disk when it resolves. Throws `config` when it cannot be kept. */
  put(name: string, value: unknown): Promise<void>;
  delete(name: string): Promise<void>;
}

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

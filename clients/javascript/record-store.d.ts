/** What is known of a document besides its records; members that are not named here are kept. */
export interface StoreMeta {
  readonly replicaType: readonly [name: string, major: number, minor: number];
  readonly syncMode: {
    readonly writerModel: "serialized" | "concurrent";
    readonly delivery: "delta-capable" | "snapshot-only";
    readonly durability: "persistent" | "transient";
  };
  readonly schemaHash: string;
}

/** Opaque content: text stays text and bytes stay bytes, whatever the encoding says. */
export interface SubstratePayload {
  readonly kind: "entirety" | "since";
  readonly encoding: "json" | "binary";
  readonly data: string | Uint8Array;
  readonly lineage?: string;
}

export type StoreRecord =
  | { readonly kind: "meta"; readonly meta: StoreMeta }
  | { readonly kind: "entry"; readonly payload: SubstratePayload; readonly version: string };

export interface RecordStoreOptions {
  /** The name of the store: a letter a-z, then up to 39 of a-z, 0-9 and _. Default: `kyneta`. */
  readonly store?: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  /** The tenant, where the token opens more than one. Default: the token's, else `default`. */
  readonly namespace?: string;
  /** How long nothing may come while an answer is waited for. Default: 30000. */
  readonly timeoutMillis?: number;
  /** How often a read is tried that got no answer. Writes are never repeated. Default: 3. */
  readonly readAttempts?: number;
  /** Before the second attempt, twice as long before each other. Default: 100. */
  readonly retryMillis?: number;
  /** In the place of the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/**
 * What a store refused or could not do. `code` is the server's, such as `replica-type-mismatch`, or `closed`,
 * `unavailable` (no answer), `bad-answer` (something else answers there), `incomplete-batch` (an answer was cut).
 */
export declare class RecordStoreError extends Error {
  readonly code: string;
  /** The method that was called. */
  readonly operation: string;
  readonly docId: string | undefined;
  /** Of the answer, where there was one. */
  readonly status: number | undefined;
  /** Whether a write may have been done all the same: look before it is made again. */
  readonly uncertain: boolean;
}

/** A store on a server. Belongs to one engine; its writes to one document go out one after another. */
export declare class HoldfastRecordStore {
  /** A store that was made before; see `open`. `address` is the server's, such as `http://127.0.0.1:4437`. */
  constructor(address: string | URL, options?: RecordStoreOptions);

  /** Makes the store on the server unless it is there, and checks its format. */
  static open(address: string | URL, options?: RecordStoreOptions): Promise<HoldfastRecordStore>;

  /** Adds a record at the end of the log; it is stored when this resolves. Metadata becomes current with it. */
  append(docId: string, record: StoreRecord): Promise<void>;

  /** Adds records, all or none. */
  appendAll(docId: string, records: Iterable<StoreRecord>): Promise<void>;

  /** The whole log as of the first step, the oldest record first; throws when it does not come whole. */
  loadAll(docId: string): AsyncGenerator<StoreRecord, void, undefined>;

  /** Replaces the log at once; there must be metadata among the records, of which the last becomes current. */
  replace(docId: string, records: Iterable<StoreRecord>): Promise<void>;

  /** Removes the document; resolves too when there is none. */
  delete(docId: string): Promise<void>;

  /** The current metadata, or null when there is no such document. */
  currentMeta(docId: string): Promise<StoreMeta | null>;

  /** The ids that begin with a prefix, in the order of their UTF-8 bytes. */
  listDocIds(prefix?: string): AsyncGenerator<string, void, undefined>;

  /** Refuses further calls, ends the readings that are open, and waits for what is under way. May be called twice. */
  close(): Promise<void>;
}

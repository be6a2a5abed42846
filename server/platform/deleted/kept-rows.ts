import type { Tables } from '../storage/tables.ts'

/** What can be deleted and brought back. */
export type DeletedKind = 'app' | 'developer'

/**
 * Rows that come back with what was deleted. They go by a cascading reference, or by their feature; each feature declares those of its
 * tables in its manifest, and what nobody declares is gone for good.
 */
export type KeptRows = {
  of: DeletedKind
  table: keyof Tables
  /** The column that holds the id of what was deleted. */
  column: string
  /** What a row refers to besides, of the same corp, which may be gone by then: the row comes back without it, or not at all. */
  refers?: { column: string; table: keyof Tables; key: string; otherwise: 'null' | 'leave out' }
  /** The rows hang on those of another kept table of their corp: `column` holds its `key`, and its `owner` the id of what was deleted. */
  through?: { table: keyof Tables; key: string; owner: string }
  /** The rows stay, without the reference in `column`; they get it back if they have no other by then. The value names their key. */
  onlyReference?: string
}

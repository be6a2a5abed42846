import type { Tables } from './tables.ts'

/**
 * A column that names stored files by their hash; its table has a corp_id. With `isWithin` the column is JSON, and any text in
 * it that looks like a hash counts. Features declare theirs in their manifests.
 */
export type FileReference = { table: keyof Tables; column: string; isWithin?: true }

import type { Words } from '../../platform/words.ts'

/** What happened, and what whoever helps can do about it. */
export type RefusalText = { what: Words; advice: Words }

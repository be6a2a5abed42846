import type { Words } from '../../platform/http/words.ts'

/** What happened, and what whoever helps can do about it. */
export type Telling = { what: Words; advice: Words }

import type { Effect } from './callback/process-inbound.ts'

/** What each feature of official accounts makes of pushes, in this order. */
export const effects: readonly Effect[] = []

import type { Words } from '../words.ts'
import type { CauseText, Severity } from './cause.ts'

/** Something that needs an administrator, as a feature finds it at this moment. */
export type Attention = CauseText & {
  /** The name of the cause of alerts about the same, where there is one: both are one row then. */
  kind: string
  /** Which of several, as the cause says it; absent where there is only one. */
  subject?: string
  severity: Severity
  /** Null when nothing that is stored says it. */
  since: Date | null
  /** What the link to `path` says. */
  act: Words
}

/** Features are asked about several corps at once. */
export type CorpAttention = Attention & { corpId: string }

/** What became of telling administrators of a row by message. */
export type AlertFacts = {
  id: number
  /** Null when no administrator could be reached by a message. */
  toldAt: Date | null
  acknowledgedAt: Date | null
  acknowledgedBy: string | null
}

/** `alert` is null for what nobody is told of by message. */
export type AttentionRow = Attention & { alert: AlertFacts | null }

/** Whose rows somebody sees: a corp's and, for the system super administrator, those of the installation. */
export type AttentionScope = { corpId: string; withInstallation: boolean }

/** All that needs an administrator, the most urgent first. The only list of it: pages and commands show no other. */
export type NeedsAttention = {
  (seen: AttentionScope): Promise<AttentionRow[]>
  /** The rows of each of these corps, without those of the installation, by as many queries as for one. */
  ofCorps(corpIds: readonly string[]): Promise<Map<string, AttentionRow[]>>
}

export const isKnown = ({ alert }: AttentionRow): boolean => (alert?.acknowledgedAt ?? null) !== null

/** What the bell shows, and the list of all corps: how many rows nobody has said 知道了 to. */
export function countNew(rows: readonly AttentionRow[]): number {
  return rows.filter(one => !isKnown(one)).length
}

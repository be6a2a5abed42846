import type { Words } from '../http/words.ts'
import type { CauseText } from './cause.ts'

/** Something that needs an administrator, as a feature finds it at this moment. */
export type Attention = CauseText & {
  /** The name of the cause of alerts about the same, where there is one: both are one row then. */
  kind: string
  /** Which of several, as the cause says it; absent where there is only one. */
  subject?: string
  severity: 'bad' | 'warn'
  /** Null when nothing that is stored says it. */
  since: Date | null
  /** What the link to `path` says. */
  act: Words
}

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
export type NeedsAttention = (seen: AttentionScope) => Promise<AttentionRow[]>

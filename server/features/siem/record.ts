import type { Words } from '../../platform/words.ts'

/** What a record is about: an entry of the audit tree by its kind, or an alert. */
export type RecordKind = 'act' | 'sign-in' | 'refusal' | 'read' | 'alert'

export type RecordSeverity = 'info' | 'notice' | 'warning' | 'error'

/** What is sent to a SIEM of one entry or alert, before it has a form. It is the same each time that it is sent. */
export type SiemRecord = {
  /** Names it to the receiver: the same in every repetition. */
  id: string
  kind: RecordKind
  /** What happened, such as `app.set`; for an alert its cause. */
  code: string
  name: Words
  severity: RecordSeverity
  at: Date
  /** '' for the installation. */
  corpId: string
  actor: string
  actorName: string
  target: string
  targetName: string
  /** Network address of the caller; '' where there is none. */
  address: string
  isSuccess: boolean
  /** All of it in a sentence. */
  text: Words
  /** An alert that is over. */
  isEnded?: boolean
}

import type { CallLog } from './call-log.ts'
import type { Visits } from './visits.ts'
import type { WispApi } from './wisp-api.ts'

/** What the routes share. */
export interface Parts {
  api: WispApi
  visits: Visits
  log: CallLog
  /** Where wisp is, and so who may frame the pages. */
  wispUrl: string
  /** Where people reach this application. */
  url(): string
}

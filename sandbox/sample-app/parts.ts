import type { CallLog } from './call-log.ts'
import type { Visits } from './visits.ts'
import type { WispApi } from './wisp-api.ts'

export type Step = 'app' | 'popup' | 'menu' | 'approve'

/** Shared by the routes. */
export interface Parts {
  api: WispApi
  visits: Visits
  log: CallLog
  /** The origin of wisp, which is the only one allowed to frame the pages. */
  wispUrl: string
  /** Called when somebody opened the application or its popup, or wisp fetched its menu. */
  onStep(step: Step): void
  /** The address of this application. */
  url(): string
}

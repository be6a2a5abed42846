import type { CallFaults } from '../http/under-fault.ts'
import type { MessageLog } from '../messages/log.ts'
import type { Settings } from '../settings.ts'
import type { CorpState } from '../state/state.ts'
import type { SmsDesk } from './desk.ts'

/** What the SMS vendors use: the numbers of the corp's members, and their phones. */
export interface SmsWorld extends CallFaults {
  readonly state: CorpState
  readonly settings: Settings
  readonly messages: MessageLog
  readonly sms: SmsDesk
  readonly now: () => number
}

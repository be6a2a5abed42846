import type { CallFaults } from '../http/under-fault.ts'
import type { MessageLog } from '../messages/log.ts'
import type { CorpState } from '../state/state.ts'

/** What the mail server uses: the addresses of the corp's members, and their phones. */
export interface MailWorld extends CallFaults {
  readonly identitySeed: number
  readonly state: CorpState
  readonly messages: MessageLog
}

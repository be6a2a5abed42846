import type { OAuth } from '../oauth.ts'
import type { Agent, Identity } from '../state/identity.ts'
import type { CorpState } from '../state/state.ts'
import type { QrSignIns } from './qr.ts'

/** What the sign-in pages use of the corp. */
export interface SignInWorld {
  readonly identity: Identity
  readonly state: CorpState
  readonly agents: readonly Agent[]
  readonly oauth: OAuth
  readonly qrSignIns: QrSignIns
  /** The address of the sandbox. */
  readonly url: string
}

import type { Approvals } from '../approvals/approvals.ts'
import type { PressWorld } from '../cards/world.ts'
import type { CorpOptions } from '../corp/corp.ts'
import type { Commit } from '../edits/edit.ts'
import type { CallFaults } from '../http/under-fault.ts'
import type { JsTickets } from '../js-sdk/tickets.ts'
import type { OfficialPlatform } from '../official/platform.ts'
import type { PayPlatform } from '../pay/platform.ts'
import type { Pusher } from '../push/pusher.ts'
import type { Robots } from '../robots/robots.ts'
import type { Limits } from '../rules/limits.ts'
import type { SignInWorld } from '../sign-in/world.ts'
import type { SmsDesk } from '../sms/desk.ts'
import type { SmtpAddress } from '../smtp/server.ts'
import type { Chats } from '../state/chats.ts'
import type { Workbench } from '../state/workbench.ts'

/** What the control API shows and changes. */
export interface ControlWorld extends CallFaults, PressWorld, SignInWorld {
  readonly commit: Commit
  /** Replaces the corp by a new one. */
  readonly reset: (size: CorpOptions) => void
  readonly limits: Limits
  readonly pusher: Pusher
  readonly jsTickets: JsTickets
  readonly workbench: Workbench
  readonly chats: Chats
  readonly approvals: Approvals
  readonly robots: Robots
  readonly sms: SmsDesk
  readonly official: OfficialPlatform
  readonly pay: PayPlatform
  readonly tour: Tour
  /** The mail server; undefined until it listens. */
  readonly smtp?: SmtpAddress
}

/** What the tour knows about the platform beside the sandbox, and what its visitor did. */
export interface Tour {
  platform: Platform | null
  /** How often edits and faults were made here. */
  edits: number
  faults: number
  /** The steps of which others told. */
  seen: Set<string>
  /** The counts when the platform was first told; what is counted since was done by the visitor. */
  before: Record<'signIns' | 'messages' | 'official' | 'edits' | 'faults', number>
}

export interface Platform {
  platformUrl: string
  sampleUrl: string
  /** The id of the sample application in wisp's app centre. */
  appId: string
  /** Two applications that know OpenID Connect and CAS alone; null where there are none. */
  signIn: { oidcUrl: string; casUrl: string } | null
  /** An OA that sends to-dos; null where there is none. */
  oaUrl: string | null
  /** The password is null when it is another one by now, which nobody but the administrator knows. */
  admin: { user: string; password: string | null }
}

/** A tour that nobody has begun. */
export const newTour = (): Tour => ({
  platform: null,
  edits: 0,
  faults: 0,
  seen: new Set(),
  before: { signIns: 0, messages: 0, official: 0, edits: 0, faults: 0 },
})

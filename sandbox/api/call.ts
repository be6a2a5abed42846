import type { Approvals } from '../approvals/approvals.ts'
import type { CardWorld } from '../cards/world.ts'
import type { Commit, Editor } from '../edits/edit.ts'
import { type Input, integer } from '../http/input.ts'
import type { Upload } from '../http/multipart.ts'
import type { CallFaults } from '../http/under-fault.ts'
import type { JsTickets } from '../js-sdk/tickets.ts'
import type { MessageRules } from '../messages/rules.ts'
import type { OAuth } from '../oauth.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { Limits } from '../rules/limits.ts'
import type { Tokens } from '../rules/tokens.ts'
import type { ChangeSettings, Settings } from '../settings.ts'
import type { Chats } from '../state/chats.ts'
import type { Agent, Identity } from '../state/identity.ts'
import type { MediaStore } from '../state/media.ts'
import { type View, viewOf } from '../state/view.ts'
import type { Workbench } from '../state/workbench.ts'

/** What the calls of /cgi-bin use of the corp. */
export interface CallWorld extends CallFaults, CardWorld {
  readonly identity: Identity
  readonly agents: readonly Agent[]
  readonly settings: Settings
  readonly changeSettings: ChangeSettings
  readonly commit: Commit
  /** The address of the sandbox; avatars are served from it. */
  readonly url: string
  readonly tokens: Tokens
  readonly jsTickets: JsTickets
  readonly oauth: OAuth
  readonly limits: Limits
  readonly messageRules: MessageRules
  /** Numbers of WeCom messages by msgid. */
  readonly msgIds: Map<string, number>
  readonly media: MediaStore
  readonly chats: Chats
  readonly approvals: Approvals
  /** Meeting rooms; they do not outlive the process. */
  readonly rooms: MeetingRoom[]
  readonly workbench: Workbench
  readonly now: () => number
}

export interface MeetingRoom {
  meetingroom_id: number
  name: string
  capacity: number
  city: string | undefined
  building: string | undefined
  floor: string | undefined
  equipment: number[]
}

/** The owner of the token: the contact secret when `agent` is undefined, otherwise that agent. */
export interface Caller {
  agent: Agent | undefined
  view: View
}

export interface CallRequest {
  world: CallWorld
  caller: Caller
  input: Input
  /** The file of a call with `takesFile`. */
  upload?: Upload | undefined
}

/** An answer that is a file. */
export class File {
  readonly content: Upload

  constructor(content: Upload) {
    this.content = content
  }
}

/** One call of /cgi-bin. `run` returns the answer or throws {@link WecomError}. */
export interface Call {
  method: 'GET' | 'POST'
  path: string
  /** Which tokens may make the call; `nobody` means that no token is needed. All others are answered with 48002. */
  token: 'nobody' | 'any' | 'contact' | 'agent'
  /**
   * In the restricted regime the contact secret is answered with 48009
   * (docs/upstream/wecom-directory.md#the-restrictions-of-2022).
   */
  closedIn2022?: boolean
  /** The body is a form with a file, and the other inputs are in the query. */
  takesFile?: true
  /** A POST whose `agentid` is in the query. */
  namesAgent?: true
  run(ask: CallRequest): Record<string, unknown> | File
}

export function callerOf(world: CallWorld, agent: Agent | undefined): Caller {
  let view: View | undefined
  return {
    agent,
    get view() {
      view ??= viewOf(world.state, agent)
      return view
    },
  }
}

export const editorOf = ({ agent }: Caller): Editor => agent?.agentId ?? 'contact'

export const ok = { errcode: 0, errmsg: 'ok' }

/** The application that sends. Errors: 41011 missing, 40056 unknown, 301002 not the application of this token. */
export function ownAgent({ world, caller, input }: CallRequest): number {
  const agentId = integer(input, 'agentid', 40056)
  if (agentId === undefined) throw new WecomError(41011)
  if (!world.agents.some(agent => agent.agentId === agentId)) throw new WecomError(40056)
  if (agentId !== caller.agent!.agentId) throw new WecomError(301002)
  return agentId
}

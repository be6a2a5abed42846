import type { Scope } from './scope.ts'

/** Whether a developer's calls may, or must, be encrypted packets (web/docs/content/en/build/packet-format.md). */
export type PacketUse = 'off' | 'allowed' | 'required'

/** A program that calls the API, as its calls see it: whose data it may read, and what it may do. */
export type Caller = {
  readonly devId: string
  readonly corpId: string
  readonly name: string
  /** Without those that have ended. */
  readonly scopes: ReadonlySet<Scope>
  /** Undefined means the whole corp. */
  readonly dataScope:
    | { departments: readonly number[]; tags: readonly number[]; groups?: readonly number[] }
    | undefined
  /** Where its data scope stands in the change feed. */
  readonly scopeSeq: number
  /** Original ids of the official accounts that it may use; undefined means all of the corp. */
  readonly accounts: ReadonlySet<string> | undefined
  /** Which calls of vendors it may have passed on, such as `wecom/checkin/getcheckindata`. */
  readonly upstreamPaths: ReadonlySet<string>
  /** True when it gets bare arrays where a list has no name (docs/interface/conventions.md#types-and-lists). */
  readonly arrayLists: boolean
  readonly packets: PacketUse
  /** True when a call with an input that it does not know is refused. */
  readonly strictInputs: boolean
  /** True when its messages go out by the agents of its own apps and by the message centre's only. */
  readonly ownAgents: boolean
}

import type { Config } from './config.ts'
import type { UpstreamHealth } from './operation/answering.ts'
import type { Drain } from './operation/draining.ts'
import type { Log } from './operation/log.ts'
import type { Metrics } from './operation/metrics.ts'
import type { Outages } from './operation/outages.ts'
import type { Seal } from './security/seal.ts'
import type { Availability } from './storage/availability.ts'
import type { Bus } from './storage/bus.ts'
import type { Database } from './storage/database.ts'
import type { Homes } from './storage/nodes/homes.ts'

/**
 * What every feature may use without naming it. Anything else a function needs is named in its parameter's type:
 * `ctx: Core & { corps: Corps }`. This file imports no feature, so that features never import each other through it.
 */
export type Core = {
  config: Config
  log: Log
  /** In ms since the epoch, by the database's clock, which is the same for all nodes (`storage/nodes/clock.ts`). */
  now(): number
  /** An unguessable, URL-safe id. */
  newId(): string
  nodeId: string
  homes: Homes
  /** Whether what is due is left to other nodes, because this machine's clock is wrong. */
  leavesDue(): boolean
  /** Aborts when the node stops. */
  stopping: AbortSignal
  seal: Seal
  db: Database['db']
  /** Past the pooler, where there is one: for a transaction that keeps its connection for long. */
  direct: Database['direct']
  bus: Bus
  availability: Availability
  draining: Drain
  metrics: Metrics
  outages: Outages
  answering: UpstreamHealth
  /** The URL at which people reach wisp when a corp has none of its own; without a trailing slash. */
  publicUrl(): string
  /**
   * A corp with its agents, roles, developers, settings and apps is in every node's memory, and read again when one of them
   * changes; without a corp, all are. Resolves when this node has read them.
   */
  reloadConfig(corpId?: string): Promise<void>
  /**
   * For work that changes a corp's configuration very often: during it this node reads the corp once a second, `reloadConfig` does not wait
   * for that, and all is read at its end.
   */
  reloadSeldom<T>(corpId: string, work: () => Promise<T>): Promise<T>
}

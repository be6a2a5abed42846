import type { Config } from './config.ts'
import type { Log } from './operation/log.ts'
import type { Metrics } from './operation/metrics.ts'
import type { Seal } from './security/seal.ts'
import type { Availability } from './storage/availability.ts'
import type { Bus } from './storage/bus.ts'
import type { Database } from './storage/database.ts'

/**
 * What every feature has without asking. Whatever else a function uses it names: `ctx: Core & { corps: Corps }`. This file
 * imports no feature, so that features never import each other through it.
 */
export type Core = {
  config: Config
  log: Log
  /** Milliseconds since the epoch. */
  now(): number
  /** Unguessable and URL-safe. */
  newId(): string
  nodeId: string
  /** Aborted when the node stops. */
  stopping: AbortSignal
  seal: Seal
  db: Database['db']
  bus: Bus
  availability: Availability
  metrics: Metrics
  /** How people reach wisp, where a corp has no address of its own; without a trailing slash. */
  publicUrl(): string
  /**
   * A corp with its agents, roles, developers, settings and apps is in every node's memory, and read anew when one of them
   * changes; without a corp, all are. Resolves when this node has.
   */
  reloadConfig(corpId?: string): Promise<void>
}

import type { Db } from '../storage/db.ts'
import type { Words } from '../words.ts'

/**
 * Makes a feature one that each corp can switch off, by the name of its manifest (organisation/corps/features). Off stops what begins: its
 * calls, and what its pages do, are refused with 1009. Pushes, alerts and events go on, what is under way ends, and data stays.
 */
export type OptionalDeclaration<C> = {
  title: Words
  /** What a corp has of it. */
  brings: Words
  /** Page calls that still act while it is off, by their paths. */
  whenOff?: readonly `/web/${string}`[]
  /** Why it cannot be switched off at this moment. Called with the row of the corp locked. */
  keptOnBy?: (tx: Db, ctx: C, corpId: string) => Promise<Words[]>
  /** Called in the transaction that switches it on: what has waited goes on. */
  begin?: (tx: Db, ctx: C, corpId: string) => Promise<void>
  /** What goes on for a while, or stays usable, when it is switched off. */
  goesOn?: (ctx: C, corpId: string) => Promise<Words[]>
}

/** A feature that can be switched off, with the whole context bound to its functions. */
export type OptionalFeature = {
  name: string
  title: Words
  brings: Words
  keptOnBy(tx: Db, corpId: string): Promise<Words[]>
  begin(tx: Db, corpId: string): Promise<void>
  goesOn(corpId: string): Promise<Words[]>
}

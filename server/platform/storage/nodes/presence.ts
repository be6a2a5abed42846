import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Db } from '../db.ts'
import { listMigrations, unknownMigrations } from '../migrate.ts'
import { dropNode, hasStuckCommits, type Node, putNode } from './node-store.ts'

const beatMs = 5000

const packageFile = join(import.meta.dirname, '../../../../package.json')

export function nodeOf(id: string, port: number): Node {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }
  return { id, place: `${hostname()}:${port}`, version, migrations: listMigrations() }
}

/** How other nodes see a node. */
export type Presence = {
  /** Says at intervals that the node lives, and looks whether a newer wisp has changed the schema under it. */
  begin(on: { outdated(newer: string[]): void; failure(error: unknown): void }): void
  /** Undefined while what is written is confirmed soon. */
  problem(): string | undefined
  /** Takes the node off the list, if the database answers soon. */
  end(): Promise<void>
}

const endWithinMs = 1000
/** Commits that wait for their standbys hold all connections in the end, so that a node cannot even ask whether there are any. */
const writtenWithinMs = 15_000
const waiting = 'what is written is not confirmed: is every synchronous standby away?'

export function createPresence(db: Db, node: Node): Presence {
  let timer: NodeJS.Timeout | undefined
  let beating: Promise<void> | undefined
  let writtenAt = Number.POSITIVE_INFINITY
  let isStuck = false
  let isTold = false
  const isLate = () => isStuck || performance.now() - writtenAt >= writtenWithinMs

  async function beat(): Promise<string[]> {
    await putNode(db, node)
    writtenAt = performance.now()
    isStuck = await hasStuckCommits(db)
    return unknownMigrations(db, node.migrations)
  }

  return {
    begin({ outdated, failure }) {
      writtenAt = performance.now()
      timer = setInterval(() => {
        if (isLate() && !isTold) failure(new Error(waiting))
        isTold = isLate()
        beating ??= beat()
          .then(newer => {
            if (newer.length === 0) return
            clearInterval(timer)
            outdated(newer)
          })
          .catch(failure)
          .finally(() => {
            beating = undefined
          })
      }, beatMs)
    },
    problem: () => (isLate() ? waiting : undefined),
    async end() {
      clearInterval(timer)
      const gone = async () => {
        await beating
        await dropNode(db, node.id)
      }
      const late = new Promise<void>(resolve => setTimeout(resolve, endWithinMs).unref())
      await Promise.race([gone().catch(() => undefined), late])
    },
  }
}

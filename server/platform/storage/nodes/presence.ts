import { hostname } from 'node:os'
import { version } from '../../version.ts'
import { type Bus, signal } from '../bus.ts'
import type { Db } from '../db.ts'
import { listMigrations, unknownMigrations } from '../migrate.ts'
import { createHomes, type Homes } from './homes.ts'
import { beatOf, dropNode, type Node, nodesAtWork, putNode } from './node-store.ts'

const beatMs = 5000

/** Without a name it is called by its place, which is the same after a restart: a name decides which corps are at home here. */
export function nodeOf(
  id: string,
  { port, nodeName, egress }: { port: number; nodeName: string; egress: string },
): Node {
  const place = placeOfNode(port)
  return { id, name: nodeName || place, place, version, migrations: listMigrations(), egress }
}

/** Where a node with this port runs; the same for the process that takes its place after a restart. */
export function placeOfNode(port: number): string {
  return `${hostname()}:${port}`
}

/** How other nodes see a node. */
export type Presence = {
  readonly homes: Homes
  /**
   * Says at once and at intervals that the node lives and is at work, and looks whether a newer wisp has changed the schema under it.
   */
  begin(on: { outdated(newer: string[]): void; failure(error: unknown): void }): Promise<void>
  /** No corp is at home here any more; the node is still alive. */
  leave(): void
  /** Undefined while what is written is confirmed soon. */
  problem(): string | undefined
  /** Undefined while no other living node has this one's name. */
  nameProblem(): string | undefined
  /** The other living nodes that upstreams see by the same address, and how many of them make many calls. */
  neighbours(): { others: number; calling: number }
  /** Sets what says whether this node makes many calls. */
  reports(isCalling: () => boolean): void
  /** Takes the node off the list, if the database answers soon. */
  end(): Promise<void>
}

const endWithinMs = 1000
/** Commits that wait for their standbys hold all connections in the end, so that a node cannot even ask whether there are any. */
const writtenWithinMs = 15_000
const waiting = 'what is written is not confirmed: is every synchronous standby away?'

/** Who is at work. */
function createRoster(db: Db, { name }: Node) {
  const homes = createHomes(name)
  let namesakes = 0
  function meet(found: readonly { name: string; nodes: number }[]) {
    namesakes = (found.find(one => one.name === name)?.nodes ?? 1) - 1
    homes.meet(found.map(one => one.name))
  }
  return {
    homes,
    read: async () => meet(await nodesAtWork(db)),
    meet,
    nameProblem: () =>
      namesakes > 0
        ? `${namesakes + 1} nodes are called ${name}: give each a WISP_NODE_NAME of its own`
        : undefined,
  }
}

export function createPresence(db: Db, bus: Bus, node: Node): Presence {
  const roster = createRoster(db, node)
  let timer: NodeJS.Timeout | undefined
  let beating: Promise<void> | undefined
  let writtenAt = Number.POSITIVE_INFINITY
  let isAtWork = false
  let isStuck = false
  let isTold = false
  let isCalling = () => false
  let neighbours = { others: 0, calling: 0 }
  let onFailure: (error: unknown) => void = () => {}
  const isLate = () => isStuck || performance.now() - writtenAt >= writtenWithinMs

  async function beat(): Promise<string[]> {
    const heard = await beatOf(db, node, { isAtWork, isCalling: isCalling() })
    writtenAt = performance.now()
    isStuck = heard.isStuck
    neighbours = { others: heard.others, calling: heard.calling }
    roster.meet(heard.names)
    const isKnown = heard.migrations.every(name => node.migrations.includes(name))
    return isKnown ? [] : unknownMigrations(db, node.migrations)
  }

  /** Never rejects: without the list corps keep their homes as they were, and the next beat reads it again. */
  const readAgain = () => roster.read().catch(error => onFailure(error))

  async function tell(isHere: boolean) {
    isAtWork = isHere
    await putNode(db, node, isAtWork)
    await signal(db, 'wisp_node', node.id)
  }

  return {
    homes: roster.homes,
    nameProblem: roster.nameProblem,
    async begin({ outdated, failure }) {
      onFailure = failure
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
      isAtWork = true
      await bus.listen('wisp_node', () => void readAgain(), readAgain)
      await tell(true).then(beat).catch(failure)
    },
    leave() {
      // What a beat under way has written before is written over.
      void Promise.resolve(beating)
        .then(() => tell(false))
        .catch(onFailure)
    },
    neighbours: () => neighbours,
    reports(given) {
      isCalling = given
    },
    problem: () => (isLate() ? waiting : undefined),
    async end() {
      clearInterval(timer)
      const gone = async () => {
        await beating
        await dropNode(db, node.id)
        if (isAtWork) await signal(db, 'wisp_node', node.id)
      }
      const late = new Promise<void>(resolve => setTimeout(resolve, endWithinMs).unref())
      await Promise.race([gone().catch(() => undefined), late])
    },
  }
}

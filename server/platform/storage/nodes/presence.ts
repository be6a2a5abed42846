import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { version } from '../../version.ts'
import { type Bus, signal } from '../bus.ts'
import type { Db } from '../db.ts'
import { listMigrations, unknownMigrations } from '../migrate.ts'
import { type Clock, clockWrongMs } from './clock.ts'
import { createHomes, type Homes } from './homes.ts'
import { type Beat, beatOf, dropNode, type Node, nodesAtWork, putNode } from './node-store.ts'
import { createTroubles } from './troubles.ts'

const beatMs = 5000

/**
 * Returns this node. A node without a name is called by its place, which is the same after a restart: a name decides which corps
 * are at home here.
 */
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
  begin(on: {
    outdated(newer: string[]): void
    failure(error: unknown): void
    /** Something has begun to be wrong that operators should know of. */
    trouble(problem: string): void
    /** A node was silent since then that did not say that it stops; `isSelf`: this one stood still. */
    silence(since: Date, isSelf: boolean): void
  }): Promise<void>
  /** No corp is at home here any more; the node is still alive. */
  leave(): void
  /** Undefined unless commits are known to wait for standbys. */
  problem(): string | undefined
  /** Undefined while this machine's clock is right enough. */
  clockProblem(): string | undefined
  /** Whether this node leaves what is due to others, because its clock is wrong and that of another node at work is right. */
  leavesDue(): boolean
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
/** Who is at work. */
function createRoster(db: Db, { name }: Node) {
  const homes = createHomes(name)
  let namesakes = 0
  let heard: Beat | undefined
  function meet(found: readonly { name: string; nodes: number }[]) {
    namesakes = (found.find(one => one.name === name)?.nodes ?? 1) - 1
    homes.meet(found.map(one => one.name))
  }
  return {
    homes,
    read: async () => meet(await nodesAtWork(db)),
    hear(beat: Beat) {
      heard = beat
      meet(beat.names)
    },
    neighbours: () => ({ others: heard?.others ?? 0, calling: heard?.calling ?? 0 }),
    isRelieved: () => heard?.isRelieved === true,
    nameProblem: () =>
      namesakes > 0
        ? `${namesakes + 1} nodes are called ${name}: give each a WISP_NODE_NAME of its own`
        : undefined,
  }
}

export function createPresence(db: Db, bus: Bus, node: Node, clock: Clock): Presence {
  const roster = createRoster(db, node)
  let timer: NodeJS.Timeout | undefined
  let beating: Promise<void> | undefined
  let isAtWork = false
  let isCalling = () => false
  let onFailure: (error: unknown) => void = () => {}
  let onTrouble: (problem: string) => void = () => {}
  let onSilence: (since: Date, isSelf: boolean) => void = () => {}
  const troubles = createTroubles(bus, clock, problem => onTrouble(problem))

  async function beat(): Promise<string[]> {
    const heard = await beatOf(db, node, { isAtWork, isCalling: isCalling(), aheadMs: clock.aheadMs() })
    troubles.hear(heard)
    roster.hear(heard)
    if (heard.silentSince) onSilence(heard.silentSince, heard.stoodStill)
    const isKnown = heard.migrations.every(name => node.migrations.includes(name))
    return isKnown ? [] : unknownMigrations(db, node.migrations)
  }

  /** Never rejects: without the list corps keep their homes as they were, and the next beat reads it again. */
  const readAgain = () => roster.read().catch(error => onFailure(error))

  async function tell(isHere: boolean) {
    isAtWork = isHere
    await putNode(db, node, { isAtWork, aheadMs: clock.aheadMs() })
    await signal(db, 'wisp_node', node.id)
  }

  return {
    homes: roster.homes,
    nameProblem: roster.nameProblem,
    async begin({ outdated, failure, trouble, silence }) {
      onFailure = failure
      onTrouble = trouble
      onSilence = silence
      timer = setInterval(() => {
        // It never rejects.
        if (beating) void troubles.askBeside()
        beating ??= beat()
          .then(newer => {
            if (newer.length === 0) return
            clearInterval(timer)
            outdated(newer)
          })
          .catch(error => {
            failure(error)
            return troubles.askBeside()
          })
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
    neighbours: roster.neighbours,
    reports(given) {
      isCalling = given
    },
    problem: troubles.unconfirmed,
    clockProblem: troubles.clock,
    leavesDue: () => roster.isRelieved() && Math.abs(clock.aheadMs()) >= clockWrongMs,
    async end() {
      clearInterval(timer)
      const gone = async () => {
        await beating
        await dropNode(db, node.id)
        if (isAtWork) await signal(db, 'wisp_node', node.id)
      }
      await Promise.race([gone().catch(() => undefined), delay(endWithinMs, undefined, { ref: false })])
    },
  }
}

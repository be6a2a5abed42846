import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { addressesOf, hostOf } from '../../database-addresses.ts'
import { asDatabaseAway, DatabaseAway } from '../availability.ts'
import { type Clock, createClock } from '../nodes/clock.ts'
import { askWithinMs, letGo, newClient } from './clients.ts'
import {
  createPrimary,
  identityOf,
  isSameServer,
  type PrimaryTracker,
  type ServerIdentity,
} from './server-identity.ts'

/** A way to the database: that of the pool, or that of everything which needs a connection of its own. */
export type DatabaseWay = {
  /** As it was configured. */
  url: string
  /** The address of the server that takes writes; of several, the one that `find` found last. */
  address(): string
  /** Asks all addresses, if it is not known any more which of them takes writes. Throws DatabaseAway. */
  find(): Promise<void>
  /** What was found may be true no more. */
  doubt(): void
  /** Throws DatabaseAway where a new connection leads to a server that must not be written to. */
  check(client: Pick<pg.Client, 'query'>): Promise<ServerIdentity>
}

/** The same way twice where nothing stands between wisp and PostgreSQL. */
export type Ways = { pooled: DatabaseWay; direct: DatabaseWay }

export function waysOf(url: string, directUrl: string, clock: Clock): Ways {
  const primary = createPrimary()
  const pooled = createWay(url, primary, clock)
  return { pooled, direct: directUrl && directUrl !== url ? createWay(directUrl, primary, clock) : pooled }
}

/** So long the others are waited for once a server was found that takes writes: another may have been promoted after it. */
const graceMs = 300
/** So long what was found is believed to be all there is, when everybody asks at once. */
const againAfterMs = 200

/** Each answer sets `clock`. */
export function createWay(url: string, primary: PrimaryTracker, clock: Clock = createClock()): DatabaseWay {
  const addresses = addressesOf(url)
  let current = addresses[0]!
  let isFound = addresses.length === 1
  let finding: Promise<void> | undefined
  let failed: { at: number; error: unknown } | undefined

  async function search(): Promise<void> {
    try {
      current = choose(await askAll(addresses, primary), primary)
      isFound = true
      failed = undefined
    } catch (error) {
      failed = { at: performance.now(), error }
      throw error
    } finally {
      finding = undefined
    }
  }

  return {
    url,
    address: () => current,
    async find() {
      if (isFound) return
      if (failed && performance.now() - failed.at < againAfterMs) throw failed.error
      finding ??= search()
      await finding
    },
    doubt() {
      isFound = addresses.length === 1
    },
    async check(client) {
      const askedAt = performance.now()
      const server = await identityOf(client)
      const heardAt = performance.now()
      try {
        primary.accept(server)
        clock.measure(server.clockMs, askedAt, heardAt)
        return server
      } catch (error) {
        isFound = addresses.length === 1
        throw new DatabaseAway(`${hostOf(current)}: ${(error as Error).message.replace(/^.*?: /, '')}`)
      }
    },
  }
}

type Answer = { address: string; server?: ServerIdentity; error?: unknown }

const repeatMs = 300

/**
 * Resolves when all have answered, or a while after the first that takes writes. While one is silent the others are asked again: one of
 * them may be promoted meanwhile.
 */
async function askAll(addresses: readonly string[], primary: PrimaryTracker): Promise<Answer[]> {
  const answers = new Map<string, Answer>()
  let isOver = false
  let noteWriter = () => {}
  const writerFound = new Promise<void>(resolve => {
    noteWriter = resolve
  })
  const asked = addresses.map(async address => {
    do {
      if (answers.has(address)) await delay(repeatMs)
      const answer = await ask(address)
      answers.set(address, answer)
      if (!answer.server || primary.refusal(answer.server) !== undefined) continue
      noteWriter()
      break
    } while (!isOver && answers.size < addresses.length)
  })
  const grace = writerFound.then(() => delay(graceMs))
  await Promise.race([Promise.all(asked), grace])
  isOver = true
  return addresses.map(address => answers.get(address) ?? { address, error: new Error('no answer') })
}

/** The only server that takes writes, or the one that was promoted last. */
function choose(answers: readonly Answer[], primary: PrimaryTracker): string {
  const writers = answers.filter(
    (one): one is Answer & { server: ServerIdentity } =>
      one.server !== undefined && primary.refusal(one.server) === undefined,
  )
  if (writers.length === 0) throw nobodyWrites(answers, primary)
  const newest = Math.max(...writers.map(one => one.server.timeline!))
  const last = writers.filter(one => one.server.timeline === newest)
  const [first, ...others] = last
  const known = last.find(one => primary.isCurrent(one.server))
  if (known) return known.address
  // One server may have two names.
  if (others.every(one => isSameServer(one.server, first!.server))) return first!.address
  throw new DatabaseAway(
    `${last.map(one => hostOf(one.address)).join(', ')} all take writes (timeline ${newest}): stop all but one`,
  )
}

function nobodyWrites(answers: readonly Answer[], primary: PrimaryTracker): unknown {
  const [only] = answers
  const refused = answers
    .map(one => one.error)
    .find(error => error !== undefined && !(error instanceof DatabaseAway))
  // A wrong password or a missing database is no failover.
  if (refused instanceof pg.DatabaseError && answers.every(one => one.server === undefined)) return refused
  const why = ({ server, error }: Answer) =>
    server
      ? primary.refusal(server)
      : error instanceof Error
        ? error.message.replace(/^the database does not answer: /, '')
        : 'no answer'
  if (answers.length === 1 && only?.error) return only.error
  return new DatabaseAway(
    `none of its hosts takes writes: ${answers.map(one => `${hostOf(one.address)}: ${why(one)}`).join('; ')}`,
  )
}

async function ask(address: string): Promise<Answer> {
  const client = newClient({ address: () => address }, 'wisp asks', askWithinMs)
  client.on('error', () => undefined)
  try {
    await client.connect()
    return { address, server: await identityOf(client) }
  } catch (error) {
    return { address, error: asDatabaseAway(error) }
  } finally {
    void letGo(client)
  }
}

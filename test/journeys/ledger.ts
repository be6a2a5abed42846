import { expect } from 'vitest'
import { shownWecom, useAgents } from '../../server/features/messages/messages.fixture.ts'
import { connectMerchant } from '../../server/features/payments/merchants/merchant.fixture.ts'
import { eventXml, push } from '../../server/organisation/sync/events/push.fixture.ts'
import { type Answer, type Caller, callerOf, type World } from '../harness.ts'
import { until } from '../until.ts'
import { whenGone } from './nodes-under-fire.ts'
import { eventually } from './server-process.ts'

type Row = Record<string, unknown>
type Query = (text: string) => Promise<Row[]>

/** What was acknowledged, of messages, callbacks and bills, while the database dies under them. */
export type Ledger = {
  /** Goes on until `stop`; whoever is told that nobody knows asks again with the same number. */
  begin(): void
  stop(): Promise<void>
  /** When something was last acknowledged that was asked for after `since`, of each kind the first; undefined before there is one of each. */
  firstAfter(since: number): Record<Kind, number> | undefined
  /** `unavailable` were answered with 503, `unanswered` not at all. */
  counts(): Record<Kind | 'unavailable' | 'unanswered', number>
  /**
   * Resolves when all that was accepted is final. A message whose commit nobody heard of is claimed for a minute, which the world's clock
   * skips. Stop it first.
   */
  settled(query: Query): Promise<void>
  /** Throws where something acknowledged is not there, or there twice. */
  check(query: Query): Promise<void>
}

const kinds = ['message', 'push', 'bill'] as const
type Kind = (typeof kinds)[number]
type Entry = { id: string; askedAt: number; knownAt: number; given: string }

const clientsOfKind = 2

type Callers = {
  pauseMs?: number
  /** Who has no answer by then asks elsewhere, as WeCom does after five seconds. Usually nobody gives up. */
  patienceMs?: number
}

/** The sandbox's corp with a merchant and a developer for all of it. Call it while the database is there. */
export async function prepareLedger(
  world: World,
  urls: readonly string[],
  { pauseMs = 15, patienceMs }: Callers = {},
): Promise<Ledger> {
  await useAgents(world)
  await connectMerchant(world)
  const developer = await world.addDeveloper({ scopes: ['message:send', 'pay:write', 'pay:read'] })
  const users = await activeUsers(world)
  // Another node hears a moment later of a new developer. A caller keeps its token.
  const callers = await Promise.all(
    urls.map(url =>
      eventually('the developer is known', async () => {
        const caller = callerOf(url, developer)
        return (await caller.get('/api/developer/self')).retCode === '0' && caller
      }),
    ),
  )
  const entries: Record<Kind, Entry[]> = { message: [], push: [], bill: [] }
  const plains = new Map<string, string>()
  let unavailable = 0
  let unanswered = 0
  let isOver = false
  let working: Promise<unknown> | undefined

  const post = (n: number, path: string, body: unknown) =>
    noted(answerOf(callers[n % callers.length]!.post(path, body)))
  async function noted<T>(answering: Promise<T | undefined>): Promise<T | undefined> {
    const answer = await (patienceMs === undefined
      ? answering
      : Promise.race([answering, pause(patienceMs).then(() => undefined)]))
    if (!answer) unanswered++
    return answer
  }
  /** What was given for it: undefined when nobody knows. */
  const acts: Record<Kind, (id: string, n: number, turn: number) => Promise<string | undefined>> = {
    async message(id, n, turn) {
      const toUser = users[n % users.length]
      const body = {
        toUser,
        sendType: '0',
        msgType: '03',
        agentName: '账本',
        content: `消息${id}。`,
        requestId: id,
      }
      const answer = await post(turn, '/api/message/send', body)
      return acknowledged(answer) && String(answer?.body.msgId)
    },
    async push(id, n, turn) {
      // WeCom repeats the same bytes.
      const fields = `<UserID>${users[n % users.length]}</UserID>`
      const plain = plains.getOrInsertComputed(id, () => eventXml(world, 'update_user', fields))
      const at: World = { ...world, server: { ...world.server, url: urls[turn % urls.length]! } }
      const answer = await noted(push(at, plain, { nonce: id }).catch(whenGone))
      if (answer && answer.status !== 200) {
        unavailable++
        // A balancer says 502 for a node that died.
        expect([502, 503]).toContain(answer.status)
      }
      return answer?.status === 200 ? id : undefined
    },
    async bill(id, n, turn) {
      const list = [{ billNo: id, userId: users[n % users.length], title: `账单 ${id}`, amount: 100 + n }]
      const answer = await post(turn, '/api/pay/bill/create', { list })
      return acknowledged(answer) && String(answer?.body.list[0].billId)
    },
  }

  function acknowledged(answer: Answer | undefined): undefined | string {
    if (answer?.retCode === '0') return '0'
    if (!answer) return undefined
    unavailable++
    expect({ status: answer.status, retCode: answer.retCode, text: answer.retMessage }).toMatchObject({
      status: 503,
      retCode: '1013',
    })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    return undefined
  }

  async function work(kind: Kind, client: number) {
    for (let n = client; !isOver; n += clientsOfKind) {
      const id = `${kind}-${n}`
      for (let turn = n; ; turn++) {
        const askedAt = performance.now()
        const given = await acts[kind](id, n, turn)
        if (given) {
          entries[kind].push({ id, askedAt, knownAt: performance.now(), given })
          break
        }
        if (isOver) break
        await pause(100)
      }
      await pause(pauseMs)
    }
  }

  return {
    begin() {
      working = Promise.all(
        kinds.flatMap(kind => Array.from({ length: clientsOfKind }, (_, client) => work(kind, client))),
      )
    },
    async stop() {
      isOver = true
      await working
    },
    firstAfter(since) {
      const found = kinds.map(kind => {
        const after = entries[kind].filter(one => one.askedAt > since).map(one => one.knownAt)
        return [kind, after.length > 0 ? Math.min(...after) : undefined] as const
      })
      if (found.some(([, at]) => at === undefined)) return undefined
      return Object.fromEntries(found) as Record<Kind, number>
    },
    counts: () => ({
      message: entries.message.length,
      push: entries.push.length,
      bill: entries.bill.length,
      unavailable,
      unanswered,
    }),
    async settled(query) {
      world.clock.offsetMs += 65_000
      world.ctx.queue.kick()
      await until(
        'all messages to be final',
        async () => (await query(openParts))[0]?.['n'] === 0,
        60_000,
        200,
      )
    },
    async check(query) {
      const lost = async (list: Entry[], text: string, of: (one: Entry) => string) => {
        const known = new Set((await query(text)).map(row => String(row['id'])))
        return list.filter(one => !known.has(of(one)))
      }
      expect(await lost(entries.message, 'select id from message', one => one.given)).toEqual([])
      expect(await lost(entries.push, 'select dedupe_key as id from inbox_event', one => one.id)).toEqual([])
      expect(await lost(entries.bill, 'select bill_no as id from pay_bill', one => one.id)).toEqual([])
      expect(await lost(entries.bill, 'select id from pay_bill', one => one.given)).toEqual([])
      await checkArrivals(world, entries.message, await query(statesOfMessages))
    },
  }
}

const openParts =
  "select count(*)::int as n from message_part where state in ('waiting', 'sending', 'asking')"
const statesOfMessages = 'select m.id, p.state from message m join message_part p on p.message_id = m.id'

/** What was sent arrived once, and what nobody knows of at most once. */
async function checkArrivals(world: World, messages: Entry[], states: Row[]) {
  const arrived = Map.groupBy(
    (await shownWecom(world)).filter(one => !one.deduplicated),
    one => one.content['content'],
  )
  const stateOf = new Map(states.map(row => [String(row['id']), row['state']]))
  for (const { id, given } of messages) {
    const times = arrived.get(`消息${id}。`)?.length ?? 0
    const state = stateOf.get(given)
    expect(['sent', 'unknown'], `${id} ${state}`).toContain(state)
    if (state === 'sent') expect([id, times]).toEqual([id, 1])
    else expect(times, id).toBeLessThanOrEqual(1)
  }
}

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
const answerOf = (answer: ReturnType<Caller['post']>) => answer.catch(whenGone)

async function activeUsers(world: World): Promise<string[]> {
  const { members } = (await world.control('state')) as { members: { userid: string; status: number }[] }
  return members.filter(one => one.status === 1).map(one => one.userid)
}

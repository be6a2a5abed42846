import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { putType } from '../../server/features/message-types/put-type.ts'
import {
  arrived,
  fresh,
  shownWecom,
  statusOf,
  useAgents,
} from '../../server/features/messages/messages.fixture.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { isSoak, soak } from '../soak.ts'
import { eventually, type ServerProcess, startProcess } from './server-process.ts'

const calls = soak(48, 4000)
const peopleCount = soak(12, 400)
/** So many calls are made, or asked about, at once. */
const atOnce = 16
/** Something leaves at that time while the node that works on it dies. */
const dueInMs = soak(2500, 4000)

let world: World
let dev: Caller
let dying: ServerProcess
beforeAll(async () => {
  world = await startWorld({ members: peopleCount + 20 })
  await useAgents(world)
  dev = await world.addDeveloper({ name: '业务', scopes: ['message:send', 'message:type'] })
  const writer = { actor: 'test', devId: dev.devId, mayApprove: true } as const
  const type = (key: string, plan: object) =>
    putType(world.ctx, writer, world.corpId, key, {
      name: '业务',
      level: 'normal',
      channels: ['wecom'],
      templates: { wecom: { zh: { content: '单{{ n }}。' } } },
      ...plan,
    })
  const started = startProcess(world.env)
  await type('plain', {})
  await type('digest', { digest: { minutes: 1 } })
  dying = await started
})
afterAll(async () => {
  await dying.kill()
  await world.close()
})

type Call = { n: number; msgId: string }

async function each<T, R>(all: readonly T[], work: (one: T, at: number) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  for (let from = 0; from < all.length; from += atOnce)
    done.push(...(await Promise.all(all.slice(from, from + atOnce).map((one, at) => work(one, from + at)))))
  return done
}

it('each message that waited arrives once or says why not, through a kill and a step of the clock', {
  timeout: soak(90_000, 1_200_000),
}, async () => {
  const { list } = (await world.dev.get('/api/user/orgUserList', { orgId: '1', fetchChild: 1 })).body
  const active = list.filter((one: { status: number }) => one.status === 1)
  const people: string[] = active.slice(0, peopleCount).map((one: { userId: string }) => one.userId)
  expect(people).toHaveLength(peopleCount)
  // The work is the other node's until it dies.
  world.ctx.queue.holdBack(new Map([[world.corpId, 'suspended']]))
  const dueAt = world.ctx.now() + dueInMs
  const iso = (ms: number) => new Date(ms).toISOString()
  const bodies = Array.from({ length: calls }, (_, n) => {
    const body = { toUser: people[n % peopleCount], data: { n }, requestId: `wait-${n}` }
    // Of each pair with one about the later call replaces the earlier one, whose time would come first.
    if (n % 4 === 0) return { ...body, type: 'plain', sendAt: iso(dueAt + 60_000), about: `a${n}` }
    if (n % 4 === 1)
      return {
        ...body,
        toUser: people[(n - 1) % peopleCount],
        type: 'plain',
        sendAt: iso(dueAt),
        about: `a${n - 1}`,
      }
    if (n % 4 === 2) return { ...body, type: 'digest' }
    return { ...body, type: 'plain', sendAt: iso(dueAt), expiresAt: iso(dueAt + 3_600_000) }
  })
  const call = async (body: object, n: number): Promise<Call> => {
    const answer = await fresh(world, dev).post('/api/message/notify', body)
    expect(answer.retCode, answer.retMessage).toBe('0')
    return { n, msgId: answer.body.msgId }
  }
  // The later one of a pair is made after the earlier one.
  const isLater = (n: number) => n % 4 === 1
  const first = await each(bodies, async (body, n) => (isLater(n) ? undefined : call(body, n)))
  const second = await each(bodies, async (body, n) => (isLater(n) ? call(body, n) : undefined))
  const made = [...first, ...second].filter(one => one !== undefined)
  await eventually('something has left', async () => (await arrived(world, '单')).length > 3, 60_000, 20)
  await dying.kill()
  // Leases are over by the clock of the database, which the soak waits for.
  if (!isSoak)
    await sql`update queue set lease_until = clock_timestamp() - interval '1 minute' where lease is not null
      and holder = (select holder from queue where stream = 'message-plans' and lease is not null)`.execute(
      world.ctx.db,
    )
  world.clock.offsetMs += 10 * 60_000
  world.ctx.queue.holdBack(new Map())

  const open = new Set(made)
  await eventually(
    'all have ended',
    async () => {
      world.ctx.queue.kick()
      await each([...open].slice(0, atOnce), async one => {
        if ((await statusOf(world, one.msgId, dev)).status !== 'queued') open.delete(one)
      })
      return open.size === 0
    },
    soak(60_000, 900_000),
    20,
  )
  const shown = (await shownWecom(world)).filter(one => !one.deduplicated)
  const text = shown.map(one => JSON.stringify(one.content)).join('\n')
  const wrong: string[] = []
  await each(made, async ({ n, msgId }) => {
    const { status, reason = '', receivers } = await statusOf(world, msgId, dev)
    const times = text.split(`单${n}。`).length - 1
    const isRight =
      n % 4 === 0 ? status === 'cancelled' && reason !== '' && times === 0 : status === 'sent' && times === 1
    const sum = receivers.sent + receivers.cancelled
    if (!isRight || sum !== receivers.total)
      wrong.push(`${n}: ${status} ${reason} ${times} times, ${sum} persons`)
  })
  expect(wrong).toEqual([])
})

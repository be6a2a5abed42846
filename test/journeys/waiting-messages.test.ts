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
import { soak } from '../soak.ts'
import { eventually, type ServerProcess, startProcess } from './server-process.ts'

const calls = soak(200, 4000)
const peopleCount = soak(40, 400)
/** Something leaves at that time while the node that works on it dies. */
const dueInMs = 4000

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
  await type('plain', {})
  await type('digest', { digest: { minutes: 1 } })
  dying = await startProcess(world.env)
})
afterAll(async () => {
  await dying.kill()
  await world.close()
})

type Call = { n: number; msgId: string }

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
  const made: Call[] = []
  for (const [n, body] of bodies.entries()) {
    const answer = await fresh(world, dev).post('/api/message/notify', body)
    expect(answer.retCode, answer.retMessage).toBe('0')
    made.push({ n, msgId: answer.body.msgId })
  }
  await eventually('something has left', async () => (await arrived(world, '单')).length > 3, 60_000, 20)
  await dying.kill()
  world.clock.offsetMs += 10 * 60_000
  world.ctx.queue.holdBack(new Map())

  const open = new Set(made)
  await eventually(
    'all have ended',
    async () => {
      world.ctx.queue.kick()
      for (const one of open)
        if ((await statusOf(world, one.msgId, dev)).status !== 'queued') open.delete(one)
        else break
      return open.size === 0
    },
    soak(60_000, 900_000),
    200,
  )
  const shown = (await shownWecom(world)).filter(one => !one.deduplicated)
  const text = shown.map(one => JSON.stringify(one.content)).join('\n')
  const wrong: string[] = []
  for (const { n, msgId } of made) {
    const { status, reason = '', receivers } = await statusOf(world, msgId, dev)
    const times = text.split(`单${n}。`).length - 1
    const isRight =
      n % 4 === 0 ? status === 'cancelled' && reason !== '' && times === 0 : status === 'sent' && times === 1
    const sum = receivers.sent + receivers.cancelled
    if (!isRight || sum !== receivers.total)
      wrong.push(`${n}: ${status} ${reason} ${times} times, ${sum} persons`)
  }
  expect(wrong).toEqual([])
})

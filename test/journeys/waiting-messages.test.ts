import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { putType } from '../../server/features/message-types/put-type.ts'
import { noteAcknowledged } from '../../server/features/messages/marks/marks.ts'
import { useAgents, useSmtp } from '../../server/features/messages/messages.fixture.ts'
import { findMessage } from '../../server/features/messages/parts/store.ts'
import { allDays } from '../../server/features/quiet-hours/quiet-hours.ts'
import { setQuietHours } from '../../server/features/quiet-hours/set-quiet-hours.ts'
import { setSendApproval } from '../../server/features/send-approval/set-approval.ts'
import { standard } from '../../server/features/send-approval/settings.ts'
import { setCorp } from '../../server/organisation/corps/corps.ts'
import { userKey } from '../../server/organisation/directory/mirror/members.ts'
import { type Caller, callerOf, startWorld, type World } from '../harness.ts'
import { signInAs } from '../sign-in.ts'
import { seed, soak } from '../soak.ts'
import { type Nodes, startNodes, workOff } from './nodes-under-fire.ts'
import { eventually } from './server-process.ts'
import { type SteppedClock, stepDatabase } from './stepped-database.ts'
import { callsOf, checkedWord, definitions, type TypedCall } from './typed-calls.ts'
import { findWrong, type MadeCall } from './typed-check.ts'

const messages = soak(200, 20_000)
const peopleCount = soak(20, 400)
/** The calls are made in so many turns, after each of which the clocks are stepped on. */
const turns = soak(2, 14)
const killsInTurn = soak(1, 2)
const clients = 8
/** After the last turn, in steps. */
const endsWithinSteps = 80
const minute = 60_000
const timeZone = 'America/New_York'

/** Each at random. */
const faults = [
  { mode: 'busy', probability: 0.05 },
  { mode: 'http500', probability: 0.01 },
  { mode: 'truncated', probability: 0.01 },
  { mode: 'code:81013', probability: 0.02 },
]

let world: World
let nodes: Nodes
let clock: SteppedClock
let dev: Caller
/** When the zone's clocks are next put forward or back. */
let switchesAt: number
beforeAll(async () => {
  world = await startWorld({ members: peopleCount + 20, isOneClock: true })
  const { ctx, corpId } = world
  await useAgents(world)
  await useSmtp(world)
  await world.control('limits', { perMemberMinute: null, perMemberHour: null, perAgentDay: null })
  // Calls come in by all nodes; the work is done by the two that die.
  ctx.queue.holdBack(new Map([[corpId, 'suspended']]))
  await setCorp(ctx, 'test', corpId, { timeZone })
  // They end within the hour that is skipped or doubled.
  await setQuietHours(ctx, 'test', corpId, { days: allDays, from: 22 * 60, to: 2 * 60 + 15, timeZone })
  await setSendApproval(ctx, 'test', corpId, { ...standard, words: [checkedWord] })
  dev = await world.addDeveloper({ name: '业务', scopes: ['message:send', 'message:type', 'webhook:manage'] })
  const writer = { actor: 'test', devId: dev.devId, mayApprove: true } as const
  for (const [key, definition] of definitions) await putType(ctx, writer, corpId, key, definition)
  for (const fault of faults) await world.control('faults', { match: 'message/send', ...fault })
  clock = await stepDatabase(world.env['WISP_DATABASE_URL']!)
  const zoned = Temporal.Now.zonedDateTimeISO(timeZone)
  switchesAt = zoned.getTimeZoneTransition('next')!.epochMilliseconds
  await stepTo(switchesAt - 5 * 60 * minute)
  nodes = await startNodes(world)
  await eventually('this node has the database again', async () => {
    const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(ctx.db)
    return Math.abs(rows[0]!.at.getTime() - ctx.now()) < minute
  })
}, 120_000)
afterAll(async () => {
  await nodes?.stop()
  await clock?.close()
  await world.close()
})

async function stepTo(at: number): Promise<void> {
  world.clock.offsetMs = at - Date.now()
  await clock.set(world.clock.offsetMs)
}
const step = (ms: number) => stepTo(world.ctx.now() + ms)
const iso = (ms: number) => new Date(ms).toISOString()

let made: MadeCall[]

/** Asks again with the same number where nobody answered, as callers do. */
async function make(calls: readonly TypedCall[], callers: Map<string, Caller>): Promise<void> {
  for (const call of calls) {
    const msgId = await eventually(
      `an answer about ${call.n}`,
      async () => {
        const url = nodes.url()
        const caller = callers.getOrInsertComputed(url, at => callerOf(at, dev))
        const answer = await caller.post('/api/message/notify', call.body).catch(whenCut)
        // A token of a node that has not noticed the step yet is older than it looks.
        if (answer?.retCode === '1004') callers.delete(url)
        if (!answer || answer.status === 503 || answer.retCode === '1004') return undefined
        expect(answer.retCode, `${call.n}: ${answer.retMessage}`).toBe('0')
        return String(answer.body.msgId)
      },
      60_000,
      100,
    )
    made.push({ ...call, msgId })
    if (call.afterwards === 'cancel') await dev.post('/api/message/cancel', { msgId })
  }
}
/** An answer that was cut off. */
function whenCut(error: unknown): undefined {
  if (!(error instanceof SyntaxError)) throw error
}

/** What people do about the messages of a turn. */
async function act(own: readonly MadeCall[]): Promise<void> {
  const { ctx, corpId } = world
  const approver = await signInAs(world, 'super')
  for (const { msgId, afterwards, to } of own) {
    if (afterwards === 'approve' || afterwards === 'refuse') {
      const answer = await approver.post(`/web/messages/${afterwards}`, {
        msgId,
        ...(afterwards === 'refuse' ? { reason: '改天' } : {}),
      })
      expect(answer.retCode, answer.retMessage).toBe('0')
    }
    if (afterwards !== 'acknowledge') continue
    const message = (await findMessage(ctx.db, { corpId, id: msgId }))!
    const { id } = ctx.mirrors.of(corpId).members.byKey(userKey(to[0]!))!
    await ctx.db.transaction().execute(tx => noteAcknowledged(tx, message, id, new Date(ctx.now())))
  }
}

const open = `select
  (select count(*) from message_plan where ended_at is null)::int as plans,
  (select count(*) from message_waiting)::int as waiting,
  (select count(*) from message_part where state in ('waiting', 'sending', 'asking'))::int as parts,
  (select count(*) from event_outbox)::int as events`
const due = `select count(*)::int as n from queue
  where stream in ('message-plans', 'messages', 'events') and (lease is not null or due_at <= now())`

const nothingDue = (withinMs: number) =>
  eventually('nothing is due', async () => (await nodes.query<{ n: number }>(due))[0]?.n === 0, withinMs, 50)

it('each message of eight types reaches each person once or says why not, through kills, steps of the clock and DST', {
  timeout: soak(120_000, 3_600_000),
}, async () => {
  const { list } = (await world.dev.get('/api/user/orgUserList', { orgId: '1', fetchChild: 1 })).body
  const active = list.filter((one: { status: number }) => one.status === 1)
  const people: string[] = active.slice(0, peopleCount).map((one: { userId: string }) => one.userId)
  const all: MadeCall[] = []
  for (let turn = 0; turn < turns; turn++) {
    made = []
    const now = world.ctx.now()
    // Of the hour that is skipped or doubled; later ones in the past are sent soon.
    const inHour = switchesAt + ((turn * 17) % 60) * minute
    const times = {
      iso: (inMinutes: number) => iso(now + inMinutes * minute),
      switchesAt: iso(Math.max(inHour, now + 20 * minute)),
    }
    const units: TypedCall[][] = []
    for (let n = turn; n < messages; n += turns) units.push(callsOf(n, people, times))
    const callers = new Map<string, Caller>()
    dev = callerOf(world.server.url, dev)
    let killing = Promise.resolve()
    let kills = 0
    await workOff(
      units,
      clients,
      unit => make(unit, callers),
      done => {
        const share = (kills + ((seed + turn * 7) % 10) / 10) / killsInTurn
        if (kills >= killsInTurn || done < units.length * share) return
        kills++
        killing = killing.then(() => nodes.kill())
      },
    )
    await act(made)
    await killing
    all.push(...made)
    // Every other time much is left for later than its time.
    if (turn % 2 === 0) await nothingDue(soak(60_000, 600_000))
    await step((soak(200, 75) + ((seed + turn * 13) % 60)) * minute)
    if (turn % 3 === 1) {
      await nodes.kill()
      await step(-4 * minute)
    }
  }
  const counts = async () => (await nodes.query<Record<string, number>>(open))[0]!
  for (let steps = 0; Object.values(await counts()).some(n => n > 0); steps++) {
    expect(steps, JSON.stringify(await counts())).toBeLessThan(endsWithinSteps)
    await step(60 * minute)
    await nothingDue(soak(60_000, 600_000))
  }
  dev = callerOf(world.server.url, dev)
  expect(await findWrong(world, dev, all, nodes.query)).toEqual([])
  const steps = await nodes.query<{ what: string; n: number }>(
    'select what, count(*)::int as n from message_step group by 1 order by 1',
  )
  console.log(
    `${all.length} messages, ${nodes.kills.length} kills; ${steps.map(one => `${one.what} ${one.n}`).join(', ')}`,
  )
})

import { fresh, shownMail, shownWecom, statusOf } from '../../server/features/messages/messages.fixture.ts'
import type { Caller, World } from '../harness.ts'
import { workOff } from './nodes-under-fire.ts'
import type { TypedCall } from './typed-calls.ts'

export type MadeCall = TypedCall & { msgId: string }
type Query = <Row extends Record<string, unknown>>(text: string) => Promise<Row[]>

const askers = 16
/** A digest names the newest of what it collected. */
const linesAtMost = 20

/** How often each number arrived at each person, by channel. */
async function arrivalsIn(world: World): Promise<Map<string, number>> {
  const times = new Map<string, number>()
  const count = (channel: string, to: readonly string[], text: string) => {
    for (const [, n] of text.matchAll(/单(\d+)。/g))
      for (const userId of to) {
        const key = `${channel} ${n} ${userId}`
        times.set(key, (times.get(key) ?? 0) + 1)
      }
  }
  for (const one of await shownWecom(world))
    if (!one.deduplicated) count('wecom', one.to, JSON.stringify(one.content))
  for (const one of await shownMail(world)) count('email', one.userids, one.text)
  return times
}

/** What of these messages came twice, or not at all without a written reason, or is told otherwise than it came; nothing where all is right. */
export async function findWrong(
  world: World,
  dev: Caller,
  made: readonly MadeCall[],
  query: Query,
): Promise<string[]> {
  const times = await arrivalsIn(world)
  const listed = await unlisted(query, made, times)
  const wrong: string[] = []
  const check = async (call: MadeCall) => {
    const { n, msgId, to, isGone, body } = call
    const tell = (text: string) => wrong.push(`${n} ${body.type} ${msgId}: ${text}`)
    const answer = await statusOf(world, msgId, dev)
    const { total, sent, failed, unknown, cancelled, waiting } = answer.receivers
    if (total !== to.length || waiting !== 0 || total !== sent + failed + unknown + cancelled)
      tell(`counts ${JSON.stringify(answer.receivers)}`)
    let reached = 0
    for (const userId of to) {
      const [byWecom = 0, byMail = 0] = ['wecom', 'email'].map(channel =>
        times.get(`${channel} ${n} ${userId}`),
      )
      if (byWecom > 1 || byMail > 1) tell(`${userId} got it ${byWecom} and ${byMail} times`)
      const isReached = byWecom + byMail > 0 || listed.has(`${msgId} ${userId}`)
      if (isReached) reached++
      if (isReached && isGone) tell(`${userId} got what was ${call.afterwards ?? 'replaced'}`)
      if (!isReached && !(await hasReason(world, dev, msgId, userId)))
        tell(`${userId} got nothing, and no reason says why`)
    }
    if (reached < sent || reached > sent + unknown)
      tell(`${reached} got it, ${JSON.stringify(answer.receivers)}`)
  }
  await workOff([...made], askers, check, () => {})
  return [...wrong, ...(await decidedTwice(query)), ...(await toldOtherwise(query, made))]
}

/** Who got a message within a digest that collected more than it names: of what it names, something arrived at this person. */
async function unlisted(
  query: Query,
  made: readonly MadeCall[],
  times: Map<string, number>,
): Promise<Set<string>> {
  const rows = await query<{ digest: string; id: string; userId: string }>(`
    select c.digest_message_id as digest, c.message_id as id, c.user_id as "userId" from message_collected c
    where (select count(*) from message_collected d where d.digest_message_id = c.digest_message_id) > ${linesAtMost}`)
  const numberOf = new Map(made.map(one => [one.msgId, one.n]))
  const arrived = new Set(
    rows
      .filter(({ id, userId }) =>
        ['wecom', 'email'].some(channel => times.has(`${channel} ${numberOf.get(id)} ${userId}`)),
      )
      .map(({ digest, userId }) => `${digest} ${userId}`),
  )
  return new Set(
    rows
      .filter(({ digest, userId }) => arrived.has(`${digest} ${userId}`))
      .map(({ id, userId }) => `${id} ${userId}`),
  )
}

const endings = ['drop', 'cancel', 'cancelled', 'failed', 'unknown']

async function hasReason(world: World, dev: Caller, msgId: string, userId: string): Promise<boolean> {
  const { steps = [] } = (await fresh(world, dev).get('/api/message/why', { msgId, userId })).body ?? {}
  return steps.some((one: { what: string; cause: string }) => endings.includes(one.what) && one.cause !== '')
}

async function decidedTwice(query: Query): Promise<string[]> {
  const rows = await query<{ key: string }>(`
    select message_id || ' ' || member_id || ' ' || what || ' ' || count(*) || ' times' as key from message_step
    where what <> 'wait' group by message_id, member_id, what, channel having count(*) > 1`)
  return rows.map(row => `decided twice: ${row.key}`)
}

/** The developer hears of each message once, at its end; again where an unclear attempt was heard of afterwards. */
async function toldOtherwise(query: Query, made: readonly MadeCall[]): Promise<string[]> {
  const rows = await query<{ id: string; n: number }>(`
    select data->>'msgId' as id, count(*)::int as n from (select type, data from event union all select type, data from event_outbox) e
    where type = 'message.result' group by 1`)
  const unclear = await query<{ id: string }>(`
    select distinct coalesce(c.message_id, m.parent_id, m.id) as id from message_attempt a
      join message_part p on p.corp_id = a.corp_id and p.id = a.part_id
      join message m on m.corp_id = p.corp_id and m.id = p.message_id
      left join message_collected c on c.corp_id = m.corp_id and c.digest_message_id = m.id
    where a.outcome = 'unsure'`)
  const times = new Map(rows.map(row => [row.id, row.n]))
  const mayChange = new Set(unclear.map(row => row.id))
  return made.flatMap(({ n, body, msgId }) => {
    const told = times.get(msgId) ?? 0
    return told === 1 || (told > 1 && mayChange.has(msgId))
      ? []
      : [`${n} ${body.type} ${msgId}: told ${told} times`]
  })
}

import { randomUUID } from 'node:crypto'
import { createRandom } from '../../../../sandbox/corp/random.ts'
import { callsOf, type Usage } from '../../../../server/callers/developers/store.ts'
import { addCounts } from '../../../../server/callers/developers/usage/call-day-store.ts'
import {
  type DataRead,
  insertDataReads,
} from '../../../../server/callers/requests/data-reads/data-read-store.ts'
import { addPeopleRead, type PeopleReadCount } from '../../../../server/callers/requests/people-store.ts'
import { insertCalls, type LoggedCall } from '../../../../server/callers/requests/store.ts'
import { userKey } from '../../../../server/organisation/directory/mirror/members.ts'
import { dayOf } from '../../../../server/platform/operation/day.ts'
import { dayMs, type HistoryFill, personOf } from './part.ts'

/** `people`: of how many people an answer tells. */
type Kind = {
  path: string
  method: 'GET' | 'POST'
  weight: number
  ms: number
  fails?: string
  people?: number
}

/** What an application calls on a usual day; `fails` is the code of some of the calls. */
const kinds: readonly Kind[] = [
  { path: '/api/user/get', method: 'GET', weight: 40, ms: 0.4, fails: '1007', people: 1 },
  { path: '/api/user/getInfo', method: 'GET', weight: 24, ms: 0.9, fails: '1012' },
  { path: '/api/user/search', method: 'POST', weight: 12, ms: 1.1, people: 3 },
  { path: '/api/org/list', method: 'GET', weight: 8, ms: 2.2 },
  { path: '/api/user/orgUserList', method: 'GET', weight: 6, ms: 1.6, fails: '1005', people: 8 },
  { path: '/api/message/send', method: 'POST', weight: 7, ms: 46, fails: '1007' },
  { path: '/api/message/sms', method: 'POST', weight: 2, ms: 88 },
  { path: '/api/pay/bill/create', method: 'POST', weight: 1, ms: 6.5, fails: '1000' },
]
const weights = kinds.reduce((sum, kind) => sum + kind.weight, 0)
const failingShare = 0.03
const fieldsGiven = ['mobile', 'userName', 'alias', 'sex', 'email', 'address']
/** Calls are kept for a week, counts for longer. */
const loggedDays = 6

type Author = { devId: string; callsADay: number; days: number }

/** Calls by a developer on each of the last days, in the counts and, as far as those are kept, in the log. */
export async function fillCalls(filling: HistoryFill, by: Author): Promise<void> {
  const { ctx } = filling
  const today = dayOf(ctx.now())
  const of = { corpId: filling.corpId, devId: by.devId, sinceDay: dayOf(ctx.now() - by.days * dayMs) }
  const known = await callsOf(ctx.db, of, ['day'])
  if (known.some(one => one.day < today)) return
  const random = createRandom(by.callsADay)
  const calls = Array.from({ length: by.days }, (_, n) => callsOfDay(filling, by, by.days - n, random)).flat()
  const counts = new Map<string, Usage>()
  for (const { devId, at, path, code } of calls) {
    const day = dayOf(at.getTime())
    const count = counts.getOrInsertComputed(`${day} ${path}`, () => ({
      devId,
      day,
      endpoint: path,
      calls: 0,
      failures: 0,
      lastAt: at,
    }))
    count.calls++
    if (at > count.lastAt) count.lastAt = at
    if (code !== '0') count.failures++
  }
  const since = ctx.now() - loggedDays * dayMs
  const isLogged = ({ at }: { at: Date }) => at.getTime() >= since
  const logged = calls.filter(isLogged)
  const reads = calls.flatMap(call => readBy(filling, call))
  await ctx.db.transaction().execute(async tx => {
    await addCounts(tx, [...counts.values()])
    await insertCalls(tx, logged)
    await insertDataReads(tx, reads.filter(isLogged))
    await addPeopleRead(tx, peopleOf(reads))
  })
}

/** Whose data the call gave, so that what was read agrees with what was called. */
function readBy(filling: HistoryFill, { devId, at, path, code, params }: LoggedCall): DataRead[] {
  const { corpId, ctx } = filling
  const { people = 0 } = kinds.find(kind => kind.path === path) ?? {}
  if (people === 0 || code !== '0') return []
  const first = Math.max(
    0,
    filling.people.findIndex(one => one.userId === params?.['userId']),
  )
  const { members } = ctx.mirrors.of(corpId)
  const memberIds = Array.from({ length: people }, (_, n) => personOf(filling, first + n).userId).flatMap(
    userId => members.byKey(userKey(userId))?.id ?? [],
  )
  return [{ corpId, at, devId, path, fields: fieldsGiven, memberIds: [...new Set(memberIds)], unlisted: 0 }]
}

/** How many people were read on each day, by each call. */
function peopleOf(reads: readonly DataRead[]): PeopleReadCount[] {
  const counts = new Map<string, PeopleReadCount>()
  for (const { corpId, devId, at, path, memberIds } of reads) {
    const day = dayOf(at.getTime())
    const none = () => ({ corpId, devId, day, path, answers: 0, people: 0 })
    const count = counts.getOrInsertComputed(`${day} ${path}`, none)
    count.answers++
    count.people += memberIds.length
  }
  return [...counts.values()]
}

function callsOfDay(filling: HistoryFill, by: Author, daysAgo: number, random: () => number): LoggedCall[] {
  const day = dayOf(filling.ctx.now() - daysAgo * dayMs)
  const begin = Date.parse(`${day}T08:30:00+08:00`)
  const count = Math.round(by.callsADay * busyness(day) * (0.85 + random() * 0.3))
  const times = Array.from({ length: count }, () => begin + random() * 10 * 3_600_000).sort((a, b) => a - b)
  return times.map(at => {
    const kind = kindBy(random() * weights)
    return {
      corpId: filling.corpId,
      devId: by.devId,
      requestId: randomUUID(),
      at: new Date(at),
      path: kind.path,
      method: kind.method,
      code: kind.fails && random() < failingShare ? kind.fails : '0',
      ms: Math.round(kind.ms * (0.7 + random()) * 100) / 100,
      address: '127.0.0.1',
      reason: '',
      mend: '',
      unknown: [],
      refused: 0,
      upstream: '',
      params:
        kind.path === '/api/user/get' ? { userId: personOf(filling, Math.floor(random() * 20)).userId } : {},
    }
  })
}

function kindBy(weight: number): Kind {
  let rest = weight
  for (const kind of kinds) {
    rest -= kind.weight
    if (rest < 0) return kind
  }
  return kinds[0] as Kind
}

/** Little happens at weekends. */
export function busyness(day: string): number {
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay()
  return weekday === 0 ? 0.15 : weekday === 6 ? 0.25 : 1
}

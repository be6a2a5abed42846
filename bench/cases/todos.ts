import { type BenchServer, getTokens, portOf } from '../bed.ts'
import type { LoadResult } from '../load.ts'
import { cores, startChild } from '../processes.ts'
import { type Figure, median, short } from '../report.ts'
import { type Request, writeRequests } from '../requests.ts'
import type { TodosBed } from '../serve.ts'
import { measureCalls } from './reads.ts'

const todoCount = 1_000_000
const rowsAtOnce = 500
const putters = 4
/** More than can be made. */
const putsPerSecondAtMost = 60
const listP95Ms = 30

/** A person's list beside a million to-dos; then to-dos put by 500, beside as many rows that the database commits at once. */
export async function measureTodos(measured: BenchServer): Promise<Figure[]> {
  const { bed } = measured
  const door = await bed.serve('bench/serve.ts', 'todos')
  const seeded = await door.ask<TodosBed>('seedTodos', { corpId: bed.upstreamReady.corpId, todos: todoCount })
  await door.stop()
  const requests = seeded.cookies.map(
    (cookie): Request => ({ method: 'GET', path: '/web/todos?pageSize=30', cookie }),
  )
  const one = { name: 'todos list', target: 0.04, answers: 300, minBytes: 1000, byCpu: true }
  const list = figures(await measureCalls(measured, one, requests))
  return [...list, await measurePuts(measured, seeded)]
}

/** The rate, and how long the slowest of twenty takes. */
function figures(rate: Figure): Figure[] {
  const p95 = Number(/p95 ([\d.]+)/.exec(rate.detail)?.[1] ?? Number.NaN)
  return [
    rate,
    {
      name: 'todos list p95',
      measured: p95,
      unit: 'ms',
      target: { atMost: listP95Ms },
      detail: '32 connections without a pause',
    },
  ]
}

async function measurePuts({ tools, bed, server }: BenchServer, seeded: TodosBed): Promise<Figure> {
  const ms = tools.options.quick ? 2000 : 5000
  const [token] = await getTokens(server, [seeded.developer])
  let made = 0
  const putsFor = (count: number) =>
    Array.from({ length: count }, (): Request => {
      const list = Array.from({ length: rowsAtOnce }, () => rowOf(seeded, made++))
      return { method: 'POST', path: `/api/todo/put?devToken=${token}`, body: JSON.stringify({ list }) }
    })
  const commits = await startChild('bench/commits.ts', { core: cores.measured })
  await commits.ask('open', { url: bed.databaseUrl })
  const rounds: { commits: number; puts: LoadResult }[] = []
  for (let round = 0; round < 3; round++) {
    const rate = await commits.ask<number>('todos', { corpId: seeded.corpId, rows: rowsAtOnce, ms })
    const requests = writeRequests(tools.dir, putsFor((putsPerSecondAtMost * ms) / 1000))
    const job = {
      requests,
      connections: putters,
      ms,
      order: 'once',
      expect: 'envelope',
      minBytes: 1000,
    } as const
    const puts = await tools.load({ ...job, port: portOf(server) })
    if (puts.failures > 0) throw new Error(`${puts.failures} puts refused, first ${puts.firstFailure}`)
    rounds.push({ commits: rate, puts })
  }
  await commits.stop()
  const middle = (read: (round: (typeof rounds)[number]) => number) => short(median(rounds.map(read)))
  return {
    name: 'todos put of 500',
    measured: median(rounds.map(one => one.puts.perSecond / one.commits)),
    unit: '× commits',
    target: { atLeast: 0.4 },
    detail:
      `puts ${middle(r => r.puts.perSecond)}/s of ${rowsAtOnce}, commits of as many rows ${middle(r => r.commits)}/s, ` +
      `p50 ${middle(r => r.puts.p50Ms)} p99 ${middle(r => r.puts.p99Ms)} ms, generator busy ${middle(r => r.puts.busy)}`,
  }
}

function rowOf({ agentId, userIds }: TodosBed, n: number) {
  return {
    todoNo: `P-${n}`,
    userId: userIds[n % userIds.length],
    agentId,
    title: `第 ${n} 份合同审批`,
    url: `https://oa.example.com/approve?id=${n}`,
    sender: '张三',
    process: '合同审批',
    step: '部门负责人',
    dueAt: '2030-01-10T10:00:00+08:00',
    version: n,
  }
}

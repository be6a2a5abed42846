import { type BenchServer, portOf } from '../bed.ts'
import type { LoadResult } from '../load.ts'
import { cores, startChild } from '../processes.ts'
import { type Figure, median, short } from '../report.ts'
import { type Request, writeRequests } from '../requests.ts'
import type { PaymentsBed } from '../serve.ts'
import { measureCalls } from './reads.ts'

const connections = 32
const billCount = 1_000_000
/** More than can be made. */
const perSecondAtMost = 8000
/** What a row of the table of comparison holds, in bytes: about a bill. */
const row = { rawBytes: 200, plainBytes: 100 }

/** The shortcut 一码通 beside a million bills; then bills made one by one, beside rows that the database commits one by one. */
export async function measurePayments(measured: BenchServer): Promise<Figure[]> {
  const { bed, connected } = measured
  const { corpId } = bed.upstreamReady
  const door = await bed.serve('bench/serve.ts', 'bills')
  const devId = connected.developers[0]?.devId
  const seeded = await door.ask<PaymentsBed>('seedBills', { corpId, devId, bills: billCount })
  await door.stop()
  const path = '/mobile/unifiedPay/AwaitPay/select?jessionId='
  const requests = seeded.jessionIds.map((one): Request => ({ method: 'GET', path: path + one }))
  const one = { name: 'payments shortcut', target: 0.05, answers: 500, minBytes: 150 }
  return [await measureCalls(measured, one, requests), await measureCreation(measured, seeded.userIds)]
}

async function measureCreation(
  { tools, bed, server, population }: BenchServer,
  userIds: string[],
): Promise<Figure> {
  const ms = tools.options.quick ? 1000 : 3000
  const path = `/api/pay/bill/create?devToken=${population.tokens[0]}`
  let made = 0
  const billsFor = (count: number) =>
    Array.from({ length: count }, (): Request => {
      const bill = {
        billNo: `B-${++made}`,
        userId: userIds[made % userIds.length],
        title: '餐费',
        amount: 1280,
      }
      return { method: 'POST', path, body: JSON.stringify(bill) }
    })
  const commits = await startChild('bench/commits.ts', { core: cores.measured })
  await commits.ask('open', { url: bed.databaseUrl })
  const rounds: { commits: number; bills: LoadResult }[] = []
  for (let round = 0; round < 3; round++) {
    const rate = await commits.ask<number>('rate', { ...row, ms })
    const requests = writeRequests(tools.dir, billsFor((perSecondAtMost * ms) / 1000))
    const job = { requests, connections, ms, order: 'once', expect: 'envelope', minBytes: 100 } as const
    const bills = await tools.load({ ...job, port: portOf(server) })
    if (bills.failures > 0) throw new Error(`${bills.failures} bills refused, first ${bills.firstFailure}`)
    rounds.push({ commits: rate, bills })
  }
  await commits.stop()
  const middle = (read: (round: (typeof rounds)[number]) => number) => short(median(rounds.map(read)))
  return {
    name: 'payments bill/create',
    measured: median(rounds.map(one => one.bills.perSecond / one.commits)),
    unit: '× commits',
    target: { atLeast: 0.5 },
    detail:
      `bills ${middle(r => r.bills.perSecond)}/s, single commits ${middle(r => r.commits)}/s, ` +
      `p50 ${middle(r => r.bills.p50Ms)} p99 ${middle(r => r.bills.p99Ms)} ms, generator busy ${middle(r => r.bills.busy)}`,
  }
}

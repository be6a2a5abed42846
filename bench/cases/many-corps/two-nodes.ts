import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Bed } from '../../bed.ts'
import type { Child } from '../../processes.ts'
import { type Figure, short } from '../../report.ts'
import { atRest, idleMs } from './at-rest.ts'

/** How long a corp is worked on, because WeCom's answer takes as long. */
const callMs = 1000
const lookMs = 50
const withinMs = 60_000

/** What a second node costs while nothing happens, and how soon the two share the work and stand in for each other. */
export async function measureTwoNodes(bed: Bed, first: Child, corps: number): Promise<Figure[]> {
  const second = await bed.serve('server/main.ts', 'second-node')
  const idle = await atRest(bed, [first, second])
  await second.stop()
  const client = new pg.Client(bed.databaseUrl)
  await client.connect()
  try {
    const { sharedSeconds, takenOverSeconds, killed } = await underWork(bed, client, first, corps)
    const load = `load ${short(loadavg()[0] ?? 0)}`
    return [
      {
        name: 'transactions at rest, two nodes',
        measured: idle.transactions,
        unit: '/s',
        target: { atMost: 10 },
        detail: `both together over ${idleMs / 1000} s; CPU ${idle.percents.map(short).join(' and ')} % of a core; ${load}`,
      },
      {
        name: 'a second node has its share after',
        measured: sharedSeconds,
        unit: 's',
        target: { atMost: 10 },
        detail: `from the start of its process, until it works on as many of ${corps} due corps as the first; ${load}`,
      },
      {
        name: 'a killed node is stood in for after',
        measured: takenOverSeconds,
        unit: 's',
        target: { atMost: 10 },
        detail: `from kill -9 until the other has all ${killed} corps that it was working on; ${load}`,
      },
    ]
  } finally {
    await client.end()
  }
}

async function underWork(bed: Bed, client: pg.Client, first: Child, corps: number) {
  await setSlow(bed, true)
  await notify(first, corps)
  const [of1] = await until('the first node works', async () => {
    const holders = await holdersOf(client)
    return holders.length > 0 && holders
  })
  const startedAt = performance.now()
  const second = await bed.serve('server/main.ts', 'second-node-again')
  const of2 = await until('the work is shared', async () => {
    const holders = await holdersOf(client)
    const other = holders.find(one => one.holder !== of1?.holder)
    return other && other.tasks >= (holders.find(one => one !== other)?.tasks ?? 1) && other
  })
  const sharedSeconds = (performance.now() - startedAt) / 1000
  process.kill(second.pid, 'SIGKILL')
  const killedAt = performance.now()
  const killed = (await holdersOf(client)).find(one => one.holder === of2.holder)?.tasks ?? 0
  await until('the killed node holds nothing', async () =>
    (await holdersOf(client)).every(one => one.holder !== of2.holder),
  )
  const takenOverSeconds = (performance.now() - killedAt) / 1000
  await second.stop()
  await setSlow(bed, false)
  return { sharedSeconds, takenOverSeconds, killed }
}

/** WeCom refuses the secrets of these corps, which is an answer as well, and takes its time to say so. */
async function setSlow({ upstreamReady }: Bed, isSlow: boolean): Promise<void> {
  const response = await fetch(`${upstreamReady.url}/_sandbox/faults`, {
    method: isSlow ? 'POST' : 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: isSlow ? JSON.stringify({ match: 'gettoken', mode: 'slow', delayMs: callMs }) : null,
  })
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}`)
}

/** Makes something due in every corp: a third party's notice that a member changed. */
export async function notify(server: Child, corps: number): Promise<void> {
  const url = `${String(server.ready['ready'])}/admin/syncController/callback`
  for (let n = 1; n <= corps; n++) {
    const query = new URLSearchParams({ changeType: 'update_user', corpId: `corp${n}`, userId: 'user1' })
    const answer = (await (await fetch(`${url}?${query}`)).json()) as { retCode: string }
    if (answer.retCode !== '0') throw new Error(`corp${n} answered ${JSON.stringify(answer)}`)
  }
}

type Holder = { holder: string; tasks: number }

/** The nodes that are working, and on how many corps. */
async function holdersOf(client: pg.Client): Promise<Holder[]> {
  const { rows } = await client.query<Holder>(
    `select holder, count(*)::int as tasks from queue where stream = 'directory' and lease is not null
      group by holder order by holder`,
  )
  return rows
}

async function until<T>(what: string, check: () => Promise<T | undefined | false>): Promise<T> {
  for (const end = performance.now() + withinMs; performance.now() < end; await delay(lookMs)) {
    const found = await check()
    if (found) return found
  }
  throw new Error(`never: ${what}`)
}

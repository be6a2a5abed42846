import type pg from 'pg'
import { type Answer, type Caller, callerOf, type World } from '../harness.ts'
import { signIn } from '../sign-in.ts'
import { nodeIdOf } from './server-process.ts'

/** Callers of all kinds through one address, each of which goes on until `stop`. */
export type Traffic = {
  /** What failed since the last time, each with its kind and why; a stream that ended and was opened again at once did not fail. */
  failures(): string[]
  /** By the id in its answers, the node that answered a page last. */
  pagesAt(): string
  counts(): Readonly<Record<string, number>>
  /** Throws where a stream lost or repeated an event of the corp's change feed. */
  checkStream(query: (text: string) => Promise<pg.QueryResultRow[]>): Promise<number>
  stop(): Promise<void>
}

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

type Act = () => Promise<unknown>

/** `url` may become another one, as that of a client with two balancers does. */
export async function startTraffic(world: World, url: () => string, pauseMs = 20): Promise<Traffic> {
  const developer = await world.addDeveloper({ scopes: ['directory:read', 'webhook:manage'] })
  const signedIn = await signIn(world, { userId: 'zhangsan' })
  const prefix = url().startsWith('https:') ? '__Host-' : ''
  const cookie = `${prefix}${signedIn.cookie}`
  let isOver = false
  const stopping = new AbortController()
  let failed: string[] = []
  let pagesAt = ''
  const counts: Record<string, number> = {}
  const devToken = await developer.token()
  // A caller keeps its token.
  const callers = new Map<string, Caller>()
  const api = () => callers.getOrInsertComputed(url(), at => callerOf(at, developer))
  await knownEverywhere(url, devToken)

  async function page(path: string, body?: object) {
    const headers = {
      cookie,
      ...(body && { 'content-type': 'application/json', 'x-wisp-csrf': signedIn.csrf }),
    }
    const response = await fetch(`${url()}${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers,
      signal: stopping.signal,
    })
    pagesAt = nodeIdOf(response.headers.get('x-request-id'))
    const answer = (await response.json()) as Omit<Answer, 'headers'>
    fine({ ...answer, status: response.status })
    return answer.body
  }
  const fine = ({ status, retCode, retMessage }: Omit<Answer, 'headers' | 'body'>) => {
    if (retCode !== '0') throw new Error(`${status} ${retCode} ${retMessage}`)
  }
  let unread = 0
  let renames = 0
  const acts: Record<string, Act> = {
    read: async () => fine(await api().get('/api/user/get', { userId: 'zhangsan' })),
    list: async () => fine(await api().get('/api/user/orgUserList', { orgId: '1' })),
    search: async () => fine(await api().post('/api/user/search', { searchName: '张' })),
    page: async () => page('/web/portal/workbench'),
    pageAct: async () => page('/web/portal/messages/read', { upTo: '2026-01-01T00:00:00.000Z' }),
    longPoll: async () => {
      unread = Number((await page(`/web/portal/unread?known=${unread}`)).unread)
    },
    // The callback comes through the balancer too.
    change: async () => {
      await world.admin('user/update', { userid: 'lisi', alias: `第${++renames}次` })
      await pause(200)
    },
  }

  async function keepDoing(kind: string, act: Act) {
    counts[kind] = 0
    while (!isOver) {
      try {
        await act()
        counts[kind]++
      } catch (error) {
        if (!isOver) failed.push(`${kind}: ${why(error)}`)
      }
      await pause(pauseMs)
    }
  }

  const stream = followStream({ url, devToken, pauseMs, stopping: stopping.signal })
  const from = world.ctx.mirrors.of(world.corpId).seq
  const working = Promise.all([
    stream.ended,
    ...Object.entries(acts).map(([kind, act]) => keepDoing(kind, act)),
  ])
  await stream.opened
  return {
    failures() {
      const all = [...failed, ...stream.failures.splice(0)]
      failed = []
      return all
    },
    pagesAt: () => pagesAt,
    counts: () => ({ ...counts, streams: stream.opens(), events: stream.ids.length }),
    async checkStream(query) {
      const rows = await query(
        `select seq from directory_change where corp_id = '${world.corpId}' and seq > ${from} order by seq`,
      )
      const told = rows.map(row => Number(row['seq'])).filter(seq => seq > (stream.ids[0] ?? 0) - 1)
      const end = Date.now() + 20_000
      while (stream.ids.at(-1) !== told.at(-1) && Date.now() < end) await pause(50)
      const lost = told.filter(seq => !stream.ids.includes(seq))
      const twice = stream.ids.filter((seq, n) => stream.ids.indexOf(seq) !== n)
      if (lost.length + twice.length > 0)
        throw new Error(`lost ${lost.join(', ')}, told twice ${twice.join(', ')}`)
      return told.length
    },
    async stop() {
      isOver = true
      stopping.abort()
      await working
    },
  }
}

/** The nodes behind an address hear a moment later of a new developer. */
async function knownEverywhere(url: () => string, devToken: string) {
  for (let times = 0; times < 10; ) {
    const answer = await fetch(`${url()}/api/developer/self?devToken=${devToken}`)
    const { retCode } = (await answer.json()) as { retCode: string }
    times = retCode === '0' ? times + 1 : 0
  }
}

function why(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } }
  return [message, cause?.code ?? cause?.message].filter(Boolean).join(' ')
}

/** A client of server-sent events as browsers are: it comes back with the last number that it was told. */
function followStream({
  url,
  devToken,
  pauseMs,
  stopping,
}: {
  url: () => string
  devToken: string
  pauseMs: number
  stopping: AbortSignal
}) {
  const ids: number[] = []
  const failures: string[] = []
  let last = ''
  let opens = 0
  const { promise: opened, resolve } = Promise.withResolvers<void>()

  async function once() {
    const response = await fetch(`${url()}/api/event/stream?devToken=${devToken}&types=directory`, {
      headers: last ? { 'last-event-id': last } : {},
      signal: stopping,
    })
    if (response.status !== 200 || !response.body) throw new Error(`HTTP ${response.status}`)
    opens++
    resolve()
    let rest = ''
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + part).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const id = /^id: (\d+)$/m.exec(block)?.[1]
        if (id) last = id
        if (id && /^data: /m.test(block)) ids.push(Number(id))
      }
    }
  }

  async function follow() {
    while (!stopping.aborted) {
      try {
        await once()
      } catch (error) {
        if (!stopping.aborted) failures.push(`stream: ${why(error)}`)
      }
      await pause(pauseMs)
    }
  }
  return { ids, failures, opened, opens: () => opens, ended: follow() }
}

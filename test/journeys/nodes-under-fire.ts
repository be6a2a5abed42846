import { randomInt } from 'node:crypto'
import pg from 'pg'
import { type Answer, type Caller, callerOf, type World } from '../harness.ts'
import { eventually, type ServerProcess, startProcess } from './server-process.ts'

/** Server processes on the world's database, one of which is killed now and then. */
export type Nodes = {
  /** Times of the kills, in ms since the epoch. */
  readonly kills: number[]
  /** The address of one of the nodes, which may die at any moment. */
  url(): string
  /** Posts through one of the nodes; undefined when the node died before it answered. */
  post(path: string, body: object): Promise<Answer | undefined>
  /** Kills one node with SIGKILL and starts a new process in its place. */
  kill(): Promise<void>
  get(path: string, query: Record<string, string>): Promise<Answer>
  query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>
  /** Resolves when nothing is open any more. */
  settled(withinMs: number): Promise<void>
  /** Stops all nodes and returns their exit codes; in afterAll too, because a failed test leaves them running. */
  stop(): Promise<(number | null)[]>
}

/** The world's own server must be closed first, since it would be a third node. */
export async function startNodes(world: World, count = 2): Promise<Nodes> {
  const env: Record<string, string> = { ...world.env, WISP_LOG_LEVEL: 'error' }
  const start = async () => {
    const node = await startProcess(env)
    return { node, caller: callerOf(node.url, world.dev) }
  }
  const nodes: { node: ServerProcess; caller: Caller }[] = []
  while (nodes.length < count) nodes.push(await start())
  const database = new pg.Pool({ connectionString: env['WISP_DATABASE_URL'], max: 2 })
  const kills: number[] = []
  let victim = 0
  let stopping: Promise<(number | null)[]> | undefined
  const any = () => nodes[randomInt(nodes.length)]!
  const query = async <Row extends pg.QueryResultRow>(sql: string) => (await database.query<Row>(sql)).rows
  return {
    kills,
    url: () => any().node.url,
    post: (path, body) => any().caller.post(path, body).catch(whenGone),
    async kill() {
      victim = (victim + 1) % nodes.length
      kills.push(Date.now())
      const [killed] = nodes.splice(victim, 1)
      await killed?.node.kill()
      nodes.splice(victim, 0, await start())
    },
    get: (path, query) => nodes[0]!.caller.get(path, query),
    query,
    async settled(withinMs) {
      const open = `
        select (select count(*)::int from message_part where state in ('waiting', 'sending', 'asking'))
          + (select count(*)::int from message where expanded_to is not null) as n`
      await eventually(
        'all messages are final',
        async () => (await query<{ n: number }>(open))[0]?.n === 0,
        withinMs,
        500,
      )
    },
    stop() {
      stopping ??= database.end().then(() => Promise.all(nodes.map(({ node }) => node.stop())))
      return stopping
    },
  }
}

/** Ignores the errors of a node that died: fetch's TypeError, or an answer that was cut off. */
export function whenGone(error: unknown): undefined {
  if (!(error instanceof TypeError) && !(error instanceof SyntaxError)) throw error
}

/** Processes a list with several clients; `onProgress` gets the number of finished items after each one. */
export async function workOff<T>(
  list: T[],
  clients: number,
  work: (item: T) => Promise<void>,
  onProgress: (done: number) => void,
): Promise<void> {
  let next = 0
  let done = 0
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let item = list[next++]; item !== undefined; item = list[next++]) {
        await work(item)
        onProgress(++done)
      }
    }),
  )
}

/** Calls `act` each time another of these shares of the total is reached, but never twice at a time. */
export function atShares(total: number, shares: number[], act: () => Promise<void>) {
  const open = [...shares]
  let acting: Promise<void> = Promise.resolve()
  return {
    onProgress(done: number) {
      if (open[0] === undefined || done < total * open[0]) return
      open.shift()
      acting = acting.then(act)
    },
    finished: () => acting,
  }
}

import type { ReleaseTree } from '../journeys/release-tree.ts'
import { eventually, nodeIdOf, type ServerProcess, startProcess } from '../journeys/server-process.ts'
import { until } from '../until.ts'
import { type Authority, freePort } from './engines.ts'
import { type Haproxy, startHaproxy } from './haproxy.ts'

type Release = Pick<ReleaseTree, 'main' | 'execArgv'>

/** A node behind the balancers, which has its name and its port for ever, whatever process answers there. */
export type BalancedNode = {
  readonly name: string
  readonly url: string
  /** By which answers say who made them. */
  id(): Promise<string>
  start(release?: Release): Promise<void>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  kill(): Promise<void>
  /** It stands still, as one whose machine hangs; its connections stay. */
  freeze(): void
  thaw(): void
  log(): string
}

export type BalancedNodes = {
  readonly nodes: readonly BalancedNode[]
  readonly balancers: readonly Haproxy[]
  /** Stops, starts again and waits until the first balancer sends it calls. */
  restart(node: BalancedNode, release?: Release): Promise<void>
  /** Resolves when the first balancer sends calls to this node. */
  isAsked(node: BalancedNode): Promise<void>
  stop(): Promise<void>
}

export type BalancedNodesOptions = {
  count: number
  authority: Authority
  /** Two balancers have the same nodes in another order. */
  balancers?: number
  /** Of the nodes, and then of the balancers. */
  ports: readonly number[]
}

export const freePorts = async (count: number) => {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await freePort())
  return [...ports]
}

export async function startBalanced(
  env: Record<string, string>,
  { count, authority, balancers = 1, ports }: BalancedNodesOptions,
): Promise<BalancedNodes> {
  const nodes = ports.slice(0, count).map((port, n) => nodeAt(`node${n + 1}`, port, env))
  await Promise.all(nodes.map(one => one.start()))
  const places = Object.fromEntries(nodes.map(({ name, url }) => [name, new URL(url).host]))
  const proxies: Haproxy[] = []
  for (let n = 0; n < balancers; n++)
    proxies.push(
      await startHaproxy({
        nodes: places,
        authority,
        host: '127.0.0.1',
        reversed: n % 2 === 1,
        ...(ports[count + n] && { port: ports[count + n] as number }),
      }),
    )
  const [first] = proxies
  async function isAsked(node: BalancedNode) {
    const id = await node.id()
    await until(`calls for ${node.name}`, async () => {
      const { headers } = await fetch(`${first?.url}/healthz`)
      return nodeIdOf(headers.get('x-request-id')) === id
    })
  }
  return {
    nodes,
    balancers: proxies,
    isAsked,
    async restart(node, release) {
      const code = await node.stop()
      if (code !== 0) throw new Error(`${node.name} ended with ${code}: ${node.log()}`)
      await node.start(release)
      await isAsked(node)
    },
    async stop() {
      await Promise.all(nodes.map(one => one.kill()))
      await Promise.all(proxies.map(one => one.stop()))
    },
  }
}

function nodeAt(name: string, port: number, env: Record<string, string>): BalancedNode {
  const own = {
    ...env,
    WISP_NODE_NAME: name,
    WISP_PORT: String(port),
    WISP_TRUSTED_PROXIES: '127.0.0.1',
    WISP_METRICS_TOKEN: 'metrics',
    // The default, which the programs of tests do not wait for else.
    WISP_DRAIN_SECONDS: '5',
  }
  const url = `http://127.0.0.1:${port}`
  let running: ServerProcess | undefined
  return {
    name,
    url,
    id: () =>
      eventually(`${name} answers`, async () =>
        nodeIdOf((await fetch(`${url}/healthz`)).headers.get('x-request-id')),
      ),
    async start(release) {
      running = await startProcess(own, release ? { release } : {})
    },
    stop: async () => running?.stop() ?? null,
    kill: async () => running?.kill(),
    freeze: () => void process.kill(running!.pid, 'SIGSTOP'),
    thaw: () => void process.kill(running!.pid, 'SIGCONT'),
    log: () => running?.log.join('') ?? '',
  }
}

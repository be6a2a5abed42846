import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { until } from '../until.ts'

/**
 * Machines of their own as far as the network goes (network namespaces), which know each other by name. Machines of one place are joined by a
 * bridge, places by lines, each of which can be cut. Beside that this process reaches each machine, whatever is cut, as callers and vendors do.
 */
export type Machines = {
  get(name: string): Machine
  /** Where machines reach this process. */
  readonly here: string
  /** The line of a place to all others. */
  cut(place: string): void
  mend(place: string): void
  close(): Promise<void>
}

export type Machine = {
  readonly name: string
  /** Where this process reaches it. */
  readonly address: string
  /** What a command has to be begun with, to run on it. */
  readonly within: readonly string[]
  start(command: readonly string[], options?: RunOptions): ChildProcess
  /** Kills all that runs on it, at once. */
  kill(): Promise<void>
}

export type RunOptions = {
  env?: Record<string, string>
  cwd?: string
  user?: string
  /** What it sees at a path instead of this machine's own. */
  mounts?: readonly (readonly [from: string, to: string])[]
  log?: string
}

function ip(...args: string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr} (machines of tests need root)`)
}

/** This process' own way to all machines. */
const outside = (id: number, host: number) => `10.${100 + (id >> 8)}.${id & 255}.${host}`

export function startMachines(places: Readonly<Record<string, Readonly<Record<string, string>>>>): Machines {
  const id = process.pid % (100 * 256)
  const tag = `w${id.toString(36)}`
  const links: string[] = []
  const link = (name: string, ...args: string[]) => {
    ip('link', 'add', name, ...args)
    links.push(name)
    ip('link', 'set', name, 'up')
  }
  const all = Object.values(places).flatMap(machines => Object.entries(machines))
  const hosts = ['127.0.0.1 localhost', ...all.map(([name, address]) => `${address} ${name}`)].join('\n')
  link(`${tag}o`, 'type', 'bridge')
  ip('address', 'add', `${outside(id, 1)}/24`, 'dev', `${tag}o`)
  link(`${tag}l`, 'type', 'bridge')
  const machines = new Map<string, Machine>()
  for (const [n, own] of Object.values(places).entries()) {
    const bridge = `${tag}p${n}`
    link(bridge, 'type', 'bridge')
    link(`${tag}x${n}`, 'type', 'veth', 'peer', 'name', `${tag}y${n}`)
    ip('link', 'set', `${tag}x${n}`, 'master', bridge)
    ip('link', 'set', `${tag}y${n}`, 'master', `${tag}l`, 'up')
    for (const [name, address] of Object.entries(own)) {
      const number = machines.size + 2
      const space = `${tag}-${name}`
      ip('netns', 'add', space)
      for (const [kind, master, what] of [
        ['i', bridge, address],
        ['o', `${tag}o`, outside(id, number)],
      ] as const) {
        const near = `${tag}${kind}${number}`
        link(near, 'type', 'veth', 'peer', 'name', kind, 'netns', space)
        ip('link', 'set', near, 'master', master)
        ip('-n', space, 'address', 'add', `${what}/24`, 'dev', kind)
        ip('-n', space, 'link', 'set', kind, 'up')
      }
      ip('-n', space, 'link', 'set', 'lo', 'up')
      mkdirSync(`/etc/netns/${space}`, { recursive: true })
      writeFileSync(`/etc/netns/${space}/hosts`, `${hosts}\n`)
      machines.set(name, machineOf(name, space, outside(id, number)))
    }
  }
  // Also when a test ends before it closes them.
  const remove = () => {
    for (const name of machines.keys()) {
      for (const pid of pidsIn(`${tag}-${name}`)) kill(pid)
      spawnSync('ip', ['netns', 'del', `${tag}-${name}`])
      rmSync(`/etc/netns/${tag}-${name}`, { recursive: true, force: true })
    }
    for (const name of links) spawnSync('ip', ['link', 'del', name])
  }
  process.once('exit', remove)
  const indexOf = (place: string) => Object.keys(places).indexOf(place)
  return {
    here: outside(id, 1),
    get(name) {
      const machine = machines.get(name)
      if (!machine) throw new Error(`no machine ${name}`)
      return machine
    },
    cut: place => ip('link', 'set', `${tag}x${indexOf(place)}`, 'down'),
    mend: place => ip('link', 'set', `${tag}x${indexOf(place)}`, 'up'),
    async close() {
      for (const machine of machines.values()) await machine.kill()
      process.off('exit', remove)
      remove()
    },
  }
}

const pidsIn = (space: string) =>
  spawnSync('ip', ['netns', 'pids', space], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean)
    .map(Number)

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}

function machineOf(name: string, space: string, address: string): Machine {
  const within = ['ip', 'netns', 'exec', space]
  return {
    name,
    address,
    within,
    start(command, { env = {}, cwd = '/', user, mounts = [], log } = {}) {
      // `ip netns exec` has mounts of its own, so that these are seen by nobody else.
      const steps = mounts.flatMap(([from, to]) => ['mount', '--bind', from, to, ';'])
      const as = user ? ['setpriv', '--reuid', user, '--regid', user, '--init-groups'] : []
      const script = `${steps.join(' ')} cd ${cwd} && exec ${as.join(' ')} "$@"`
      const child = spawn('ip', [...within.slice(1), 'sh', '-c', script, 'sh', ...command], {
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          if (log) writeFileSync(log, text, { flag: 'a' })
        })
      return child
    },
    async kill() {
      await until(`nothing to run on ${name}`, async () => {
        const pids = pidsIn(space)
        for (const pid of pids) kill(pid)
        return pids.length === 0
      })
    },
  }
}

/** What is on this machine's loopback, where machines reach it. */
export type Relay = { env: Record<string, string>; close(): void }

export async function relayTo(machines: Pick<Machines, 'here'>, url: string): Promise<Relay> {
  const { port, hostname } = new URL(url)
  const server = createServer(near => {
    const far = connect(Number(port), hostname)
    near.on('error', () => far.destroy()).pipe(far)
    far.on('error', () => near.destroy()).pipe(near)
  }).listen(Number(port), machines.here)
  await once(server, 'listening')
  const there = `http://${machines.here}:${port}`
  return {
    env: { WISP_WECOM_URL: there, WISP_PAY_URL: there, WISP_OUTBOUND_ALLOW: machines.here },
    close: () => void server.close(),
  }
}

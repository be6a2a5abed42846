import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { until } from '../until.ts'
import { type Authority, freePort } from './engines.ts'

/** Debian's HAProxy with the settings of deploy/, of which only addresses and the certificate are others. */
export type Haproxy = {
  /** By https, at the host that corps share. */
  readonly url: string
  readonly port: number
  readonly plainPort: number
  start(): Promise<void>
  kill(): Promise<void>
  stop(): Promise<void>
}

type Options = {
  /** Where the nodes listen, by the names that the settings have for them; those that are not here are left out. */
  nodes: Readonly<Record<string, string>>
  authority: Pick<Authority, 'certFile' | 'keyFile'>
  /** The host that corps share. */
  host?: string
  port?: number
  /** Lists the servers from the last to the first. */
  reversed?: boolean
}

const sample = resolve(import.meta.dirname, '../../deploy/haproxy.cfg')

export async function startHaproxy({
  nodes,
  authority,
  host = 'wisp.example.com',
  port: wanted,
  reversed = false,
}: Options): Promise<Haproxy> {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-haproxy-'))
  const [port, plainPort] = [wanted ?? (await freePort()), await freePort()]
  let text = readFileSync(sample, 'utf8')
  const replace = (from: string, to: string) => {
    if (!text.includes(from)) throw new Error(`${sample} has no ${from}`)
    text = text.replaceAll(from, to)
  }
  replace('bind :80', `bind 127.0.0.1:${plainPort}`)
  replace('bind :443', `bind 127.0.0.1:${port}`)
  replace('/etc/ssl/wisp', dir)
  replace('-i wisp.example.com', `-i ${host}`)
  for (const name of ['node1', 'node2', 'node3', 'node4'])
    if (nodes[name]) replace(`10.0.0.1${name.slice(-1)}:3000`, nodes[name])
    else text = without(text, name)
  if (reversed) {
    const servers = text.match(/^ {4}server node\d .*\n/gm) ?? []
    for (const one of servers) text = text.replace(one, '')
    text = text.replace(/^ {4}default-server .*\n/m, line => line + servers.toReversed().join(''))
  }
  writeFileSync(join(dir, 'haproxy.cfg'), text)
  const files = [authority.certFile, authority.keyFile].map(file => readFileSync(file, 'utf8'))
  writeFileSync(join(dir, 'wisp.pem'), files.join(''))

  let child: ChildProcess | undefined
  let said = ''
  const reap = () => void child?.kill('SIGKILL')
  process.once('exit', reap)

  async function start() {
    const started = spawn('haproxy', ['-db', '-f', join(dir, 'haproxy.cfg')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child = started
    said = ''
    started.stderr.setEncoding('utf8').on('data', chunk => {
      said += chunk
    })
    await until('HAProxy', () => {
      if (started.exitCode !== null) throw new Error(`HAProxy ended: ${said}`)
      return isListening(port)
    })
  }

  async function end(signal: NodeJS.Signals) {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  await start()
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    plainPort,
    start,
    kill: () => end('SIGKILL'),
    async stop() {
      process.off('exit', reap)
      await end('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const isOpen = await new Promise<boolean>(done => {
    socket.once('connect', () => done(true)).once('error', () => done(false))
  })
  socket.destroy()
  return isOpen
}

/** The settings without a node that there is not: its server, and the backend that says whether it takes calls. */
const without = (text: string, name: string): string =>
  text
    .replace(new RegExp(`^ {4}server ${name} .*\\n`, 'm'), '')
    .replace(new RegExp(`^backend ${name} .*\\n.*\\n?`, 'm'), '')

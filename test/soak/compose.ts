import { spawnSync } from 'node:child_process'
import { chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { readCompose, root, type Service, text } from '../deploy/compose.ts'
import { until } from '../until.ts'
import { userOf } from './engines.ts'
import { type Machine, type Machines, startMachines } from './machines.ts'

/** The parts of deploy/compose.yaml as processes, each on a machine of its own, from the same files with the same settings. */
export type Stack = {
  readonly machines: Machines
  /** Kills a service, and all of it with it, as when its machine dies. */
  kill(name: string): Promise<void>
  start(name: string): Promise<void>
  /** Beside the containers of its machine. */
  run(name: string, command: readonly string[]): { status: number | null; said: string }
  /** The last that a service said. */
  log(name: string): string
  close(): Promise<void>
}

const dir = mkdtempSync(join(tmpdir(), 'wisp-compose-'))
const healthyWithinMs = 180_000

export async function startStack(
  places: Readonly<Record<string, readonly string[]>>,
  variables: Readonly<Record<string, string>>,
  /** What wisp needs beside that, such as where the vendors are: asked for when the databases are there. */
  moreOf: (machines: Machines) => Promise<Readonly<Record<string, string>>>,
): Promise<Stack> {
  const { services } = readCompose(variables)
  const serviceOf = (name: string): Service => services[name]!
  const addressOf = (name: string) => serviceOf(name).networks!.inside.ipv4_address!
  const machines = startMachines(
    Object.fromEntries(
      Object.entries(places).map(([place, names]) => [
        place,
        Object.fromEntries(names.map(name => [name, addressOf(name)])),
      ]),
    ),
  )
  // A container that shares the network of another is on its machine.
  const machineOf = (name: string): Machine =>
    machines.get(serviceOf(name).network_mode?.replace('service:', '') ?? name)
  const owner = userOf('postgres')
  const folder = (name: string, isOfDatabase = true) => {
    const made = join(dir, name)
    if (!existsSync(made)) mkdirSync(made, { mode: isOfDatabase ? 0o700 : 0o755 })
    if (isOfDatabase) chownSync(made, owner.uid, owner.gid)
    return made
  }
  chownSync(dir, owner.uid, owner.gid)

  /** An empty value is as good as none. */
  const envOf = (name: string) =>
    Object.fromEntries(
      Object.entries(serviceOf(name).environment ?? {}).flatMap(([key, value]) =>
        value ? [[key, value]] : [],
      ),
    )

  let more: Readonly<Record<string, string>> | undefined

  function launch(name: string): void {
    const { image, command = [] } = serviceOf(name)
    const env = envOf(name)
    const log = join(dir, `${name}.log`)
    const host = machineOf(name)
    const temporary = [folder(`${name}-tmp`), '/tmp'] as const
    if (image.startsWith('wisp-database')) {
      const settings = folder(`${name}-pgbouncer`)
      copyFileSync(join(root, 'deploy/pgbouncer.ini'), join(settings, 'pgbouncer.ini'))
      chownSync(join(settings, 'pgbouncer.ini'), owner.uid, owner.gid)
      const etc = folder(`${name}-etc`)
      copyFileSync(
        join(root, 'deploy/pg_auto_failover-monitor.conf'),
        join(etc, 'pg_auto_failover-monitor.conf'),
      )
      chownSync(join(etc, 'pg_auto_failover-monitor.conf'), owner.uid, owner.gid)
      mkdirSync('/etc/wisp', { recursive: true })
      mkdirSync('/etc/pgbouncer', { recursive: true })
      const script = join(dir, 'database.sh')
      copyFileSync(join(root, 'deploy/database.sh'), script)
      const volume = serviceOf(name).volumes?.find(one => one.endsWith(':/var/lib/postgresql'))
      const data = folder(volume?.split(':')[0] ?? `${name}-home`)
      host.start(['sh', script, ...command], {
        user: 'postgres',
        log,
        cwd: '/',
        env: { ...imageEnv(), ...env },
        mounts: [
          [script, script],
          [data, '/var/lib/postgresql'],
          [settings, '/etc/pgbouncer'],
          [etc, '/etc/wisp'],
          [folder(`${name}-run`), '/var/run/postgresql'],
          [folder(`${name}-log`), '/var/log/postgresql'],
          temporary,
        ],
      })
    } else if (image === 'wisp') {
      host.start([process.execPath, 'server/main.ts'], {
        log,
        cwd: root,
        env: { ...env, ...more, WISP_DATA_DIR: folder(`${name}-data`, false) },
      })
    } else {
      const settings = join(root, 'deploy', basename('haproxy.cfg'))
      const tls = folder('tls', false)
      mkdirSync('/etc/ssl/wisp', { recursive: true })
      host.start(['haproxy', '-W', '-db', '-f', settings], { log, mounts: [[tls, '/etc/ssl/wisp']] })
    }
  }

  const run: Stack['run'] = (name, command) => {
    const { within } = machineOf(name)
    const [program = '', ...args] = within
    const ran = spawnSync(program, [...args, ...command], { encoding: 'utf8' })
    return { status: ran.status, said: ran.stdout + ran.stderr }
  }

  const log = (name: string) =>
    spawnSync('tail', ['-30', join(dir, `${name}.log`)], { encoding: 'utf8' }).stdout

  async function start(name: string): Promise<void> {
    if (serviceOf(name).image === 'wisp') more ??= await moreOf(machines)
    launch(name)
    const [kind, ...test] = serviceOf(name).healthcheck?.test ?? []
    if (!kind) return
    const command =
      kind === 'CMD-SHELL'
        ? [
            'env',
            ...Object.entries(envOf(name)).map(one => one.join('=')),
            'sh',
            '-c',
            test[0]!.replaceAll('$$', '$'),
          ]
        : [test[0] === 'node' ? process.execPath : test[0]!, ...test.slice(1)]
    await until(`${name} to be healthy`, async () => run(name, command).status === 0, healthyWithinMs, 500)
  }

  const stack: Stack = {
    machines,
    start,
    run,
    log,
    async kill(name) {
      await machineOf(name).kill()
    },
    async close() {
      await machines.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  try {
    for (const name of orderOf(services)) await start(name)
  } catch (error) {
    for (const name of Object.keys(services)) console.error(name, log(name))
    await stack.close()
    throw error
  }
  return stack
}

/** The folder of certificates that deploy/compose.yaml mounts. */
export const tlsFolder = join(dir, 'tls')

function imageEnv(): Record<string, string> {
  const [, line = ''] = /^ENV (.*)$/m.exec(text('deploy/database.Dockerfile')) ?? []
  return Object.fromEntries(line.split(' ').map(one => one.split('=') as [string, string]))
}

/** As `depends_on` has it. */
function orderOf(services: Readonly<Record<string, Service>>): string[] {
  const order: string[] = []
  const visit = (name: string) => {
    if (order.includes(name) || services[name]?.profiles) return
    for (const other of Object.keys(services[name]?.depends_on ?? {})) visit(other)
    order.push(name)
  }
  for (const name of Object.keys(services)) visit(name)
  return order
}

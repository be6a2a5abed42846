import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freePort } from '../postgres.ts'
import { until } from '../until.ts'

// Debian's receivers of syslog over TLS, each with a configuration of its own: nothing of the machine's is read or changed.

export type SyslogProgram = {
  readonly name: string
  readonly address: string
  /** Whole messages that it has written, in their order. */
  lines(): string[]
  start(): Promise<void>
  /** As when a machine restarts: it ends in order. */
  stop(): Promise<void>
  /** Ends it for good. */
  close(): Promise<void>
}

type Certificate = { key: string; cert: string }

/** Debian's packages of both programs exclude each other, so that this one is unpacked and not installed. */
const unpackedPackages = ['syslog-ng-core', 'libivykis0t64', 'libnet1', 'libwrap0']

export async function startRsyslog(certificate: Certificate): Promise<SyslogProgram> {
  return startProgram('rsyslog', certificate, (dir, port) => {
    writeFileSync(
      join(dir, 'rsyslog.conf'),
      `global(
  workDirectory="${dir}"
  defaultNetstreamDriverCAFile="${dir}/cert.pem"
  defaultNetstreamDriverCertFile="${dir}/cert.pem"
  defaultNetstreamDriverKeyFile="${dir}/key.pem"
  maxMessageSize="16k"
)
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
input(type="imtcp" port="${port}" address="127.0.0.1")
if $app-name == "wisp" then action(type="omfile" file="${dir}/log" template="RSYSLOG_SyslogProtocol23Format")
`,
    )
    return {
      program: 'rsyslogd',
      args: ['-n', '-f', join(dir, 'rsyslog.conf'), '-i', join(dir, 'pid')],
      env: {},
    }
  })
}

export async function startSyslogNg(certificate: Certificate): Promise<SyslogProgram> {
  return startProgram('syslog-ng', certificate, (dir, port) => {
    const root = unpacked(dir)
    const [version = ''] = readdirSync(join(root, 'usr/lib/syslog-ng')).filter(one => /^\d/.test(one))
    writeFileSync(
      join(dir, 'syslog-ng.conf'),
      `@version: ${version}
source wisp { syslog(ip(127.0.0.1) port(${port}) transport("tls") flags(no-parse) log-msg-size(65536)
  tls(key-file("${dir}/key.pem") cert-file("${dir}/cert.pem") peer-verify(optional-untrusted))); };
destination file { file("${dir}/log" template("$MSG\\n")); };
log { source(wisp); destination(file); flags(flow-control); };
`,
    )
    const libraries = [join(root, 'usr/lib/syslog-ng'), join(root, 'usr/lib/x86_64-linux-gnu')]
    const own = [
      `--cfgfile=${dir}/syslog-ng.conf`,
      `--persist-file=${dir}/persist`,
      `--pidfile=${dir}/pid`,
      `--control=${dir}/control`,
      `--module-path=${join(root, 'usr/lib/syslog-ng', version)}`,
      '--no-caps',
      '--foreground',
    ]
    return {
      program: join(root, 'usr/sbin/syslog-ng'),
      args: own,
      env: { LD_LIBRARY_PATH: libraries.join(':') },
    }
  })
}

function unpacked(dir: string): string {
  const root = join(dir, 'root')
  mkdirSync(root)
  const download = spawnSync('apt-get', ['download', '-q', ...unpackedPackages], { cwd: dir })
  if (download.status !== 0) throw new Error(`apt-get download: ${download.stderr}`)
  for (const file of readdirSync(dir).filter(one => one.endsWith('.deb')))
    spawnSync('dpkg-deb', ['-x', join(dir, file), root])
  return root
}

type Command = { program: string; args: string[]; env: Record<string, string> }

async function startProgram(
  name: string,
  { key, cert }: Certificate,
  configured: (dir: string, port: number) => Command,
): Promise<SyslogProgram> {
  const dir = mkdtempSync('/tmp/wisp-syslog-')
  const port = await freePort()
  writeFileSync(join(dir, 'key.pem'), key)
  writeFileSync(join(dir, 'cert.pem'), cert)
  const { program, args, env } = configured(dir, port)
  let child: ChildProcess | undefined
  let said = ''
  const one: SyslogProgram = {
    name,
    address: `127.0.0.1:${port}`,
    lines: () =>
      existsSync(join(dir, 'log')) ? readFileSync(join(dir, 'log'), 'utf8').split('\n').filter(Boolean) : [],
    async start() {
      rmSync(join(dir, 'pid'), { force: true })
      child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', part => (said += part))
      await until(`${name} listens`, () => {
        if (child?.exitCode !== null) throw new Error(`${name} ended: ${said}`)
        return answers(port)
      })
    },
    async stop() {
      if (!child || child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
    async close() {
      await one.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  await one.start()
  return one
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.on('error', () => undefined).destroy()
  }
}

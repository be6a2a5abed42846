import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as ask } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { until } from '../until.ts'

/** By number, as the system has them: each engine may read only what is its own. */
export type User = { uid: number; gid: number }

export function userOf(name: string): User {
  const number = (flag: string) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout)
  return { uid: number('-u'), gid: number('-g') }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

export type Authority = { caFile: string; keyFile: string; certFile: string }

/**
 * An authority, and a certificate of it for localhost and 127.0.0.1, which are two hosts to a browser. Of the kind that all programs
 * know: Chromium knows no Ed25519. This process trusts it too, for what wisp tells applications.
 */
export function makeAuthority(dir: string): Authority {
  const file = (name: string) => join(dir, name)
  const openssl = (args: string[]) => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: dir, encoding: 'utf8' })
    if (status !== 0) throw new Error(`openssl: ${stderr}`)
  }
  const made = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
  ]
  const usage = (text: string) => ['-addext', text]
  openssl([
    ...[...made, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=authority for tests'],
    ...[...usage('keyUsage=critical,keyCertSign'), ...usage('basicConstraints=critical,CA:TRUE')],
  ])
  openssl([
    ...[...made, '-keyout', 'host.key', '-out', 'host.pem', '-subj', '/CN=localhost'],
    ...['-CA', 'ca.pem', '-CAkey', 'ca.key', ...usage('basicConstraints=critical,CA:FALSE')],
    ...usage('subjectAltName=DNS:localhost,IP:127.0.0.1'),
  ])
  chmodSync(file('ca.pem'), 0o644)
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(file('ca.pem'), 'utf8')])
  return { caFile: file('ca.pem'), keyFile: file('host.key'), certFile: file('host.pem') }
}

/** Passes everything on to wisp by https, as a reverse proxy does. */
export function startFront({ keyFile, certFile }: Authority, target: URL, port: number): TlsServer {
  const [key, cert] = [readFileSync(keyFile), readFileSync(certFile)]
  const server = createTlsServer({ key, cert }, (incoming, outgoing) => {
    const headers = { ...incoming.headers, 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' }
    const { method, url } = incoming
    const onward = ask({ host: target.hostname, port: target.port, method, path: url, headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  return server.listen(port, '127.0.0.1')
}

export type Engines = {
  dir: string
  /** That only this user may write. */
  folderOf(name: string, user: User, mode?: number): string
  start(program: string, args: string[], options: EngineOptions, isUp: () => Promise<boolean>): Promise<void>
  close(): Promise<void>
}

type EngineOptions = Partial<User> & { cwd: string; env: NodeJS.ProcessEnv }

/** Programs that nobody here wrote, which end with the tests. */
export function createEngines(): Engines {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-engines-'))
  chmodSync(dir, 0o755)
  const running: ChildProcess[] = []
  return {
    dir,
    folderOf(name, user, mode = 0o755) {
      const folder = join(dir, name)
      mkdirSync(folder, { recursive: true, mode })
      chownSync(folder, user.uid, user.gid)
      return folder
    },
    async start(program, args, options, isUp) {
      const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
      running.push(child)
      let said = ''
      child.stderr?.setEncoding('utf8').on('data', text => {
        said += text
      })
      await until(
        program,
        async () => {
          if (child.exitCode !== null) throw new Error(`${program} ended: ${said}`)
          return isUp()
        },
        20_000,
        50,
      )
    },
    async close() {
      for (const child of running) child.kill('SIGTERM')
      await Promise.all(running.map(child => (child.exitCode === null ? once(child, 'exit') : undefined)))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Gives a file to a user alone, such as a key. */
export function writeFor(user: User, file: string, text: string): string {
  writeFileSync(file, text, { mode: 0o600 })
  chownSync(file, user.uid, user.gid)
  return file
}

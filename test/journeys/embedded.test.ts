import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { commandLine } from '../../bin/built.mjs'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { buildCommands } from '../../scripts/build-commands.ts'
import { readPid } from '../../server/platform/storage/embedded/postmaster.ts'
import { callerOf } from '../harness.ts'
import { programEnv } from '../program-env.ts'
import { soak } from '../soak.ts'
import { prepareSender } from './sender.ts'
import { eventually, type ServerProcess, startProcess } from './server-process.ts'

/** Tests the embedded PostgreSQL with the real programs that share a data directory. */
let dataDir: string
/** A copy of the first one, at rest, from which the others begin. */
let made: string | undefined
let env: Record<string, string>
const running: ServerProcess[] = []
beforeAll(buildCommands, 120_000)
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wisp-embedded-'))
  if (made) execFileSync('cp', ['-a', `${made}/.`, dataDir])
  env = { WISP_DATA_DIR: dataDir, WISP_PORT: '0', WISP_OUTBOUND_ALLOW: '127.0.0.1' }
})
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
  expect(readPid(dataDir)).toBeUndefined()
  rmSync(dataDir, { recursive: true, force: true })
})

afterAll(() => {
  if (made) rmSync(made, { recursive: true, force: true })
})

async function serve(options: { detached?: boolean; env?: Record<string, string> } = {}) {
  const { detached = false } = options
  const one = await startProcess({ ...env, ...options.env }, { detached })
  running.push(one)
  return one
}

async function command(...words: string[]) {
  const child = spawn(process.execPath, [commandLine(), ...words], {
    env: { ...programEnv, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await ended
  return { code, out, error }
}

/** Ready, and not from memory alone. */
async function isConnected(one: ServerProcess): Promise<boolean> {
  const { problems, warnings } = (await (await fetch(`${one.url}/readyz`)).json()) as Record<string, string[]>
  return [problems, warnings].every(list => list?.length === 0)
}

describe('a data directory', { timeout: 180_000 }, () => {
  it('takes many commands at once, from nothing, and is at rest afterwards', async () => {
    const all = await Promise.all(
      Array.from({ length: soak(4, 20) }, () => command('corp', 'list', '--json')),
    )
    expect(all).toEqual(all.map(() => ({ code: 0, out: '[]\n', error: '' })))
    expect(readPid(dataDir)).toBeUndefined()
    made = `${dataDir}-made`
    execFileSync('cp', ['-a', dataDir, made])
  })

  it('keeps its database for a server that starts while commands end, and for two servers', async () => {
    const commands = Array.from({ length: soak(2, 4) }, () => command('corp', 'list', '--json'))
    const first = await serve()
    const second = await serve()
    expect((await Promise.all(commands)).map(one => one.code)).toEqual(commands.map(() => 0))
    const pid = readPid(dataDir)
    expect((await command('corp', 'list')).code).toBe(0)
    expect(await first.stop()).toBe(0)
    expect(await isConnected(second)).toBe(true)
    expect(readPid(dataDir)).toBe(pid)
  })

  it('survives SIGKILL of wisp and of PostgreSQL', async () => {
    const first = await serve()
    const orphan = readPid(dataDir) as number
    await first.kill()
    const second = await serve()
    expect(readPid(dataDir)).toBe(orphan)
    process.kill(orphan, 'SIGKILL')
    await eventually('another PostgreSQL', async () => {
      const pid = readPid(dataDir)
      return pid !== undefined && pid !== orphan
    })
    await eventually('ready again', () => isConnected(second))
    expect(await command('corp', 'list', '--json')).toMatchObject({ code: 0 })
    expect(await second.stop()).toBe(0)
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).toMatch(/database system is shut down\n$/)
  })

  it('is written to until the last call is answered, whichever process gets Ctrl-C', async () => {
    const sandbox = await startSandbox({ members: 20, departments: 4, tags: 1, seed: 1 })
    try {
      env = { ...env, WISP_WECOM_URL: sandbox.url }
      const developer = await prepareSender(env, sandbox)
      const server = await serve({ detached: true })
      const caller = callerOf(server.url, developer)
      await caller.token()
      await fetch(`${sandbox.url}/_sandbox/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ match: 'message/send', mode: 'slow', delayMs: 2000, times: 1 }),
      })
      const sending = caller.post('/api/message/send', {
        toUser: 'zhangsan',
        sendType: '0',
        msgType: '03',
        agentName: '消息',
        content: '正在发',
      })
      await eventually('WeCom was asked', async () => {
        const calls = await (await fetch(`${sandbox.url}/_sandbox/calls`)).json()
        return JSON.stringify(calls).includes('message/send')
      })
      process.kill(-server.pid, 'SIGINT')
      expect(await sending).toMatchObject({ retCode: '0' })
      expect(await server.ended()).toBe(0)
      expect(server.log.join('')).not.toContain('"level":"error"')
      expect(readPid(dataDir)).toBeUndefined()
    } finally {
      await sandbox.close()
    }
  })
})

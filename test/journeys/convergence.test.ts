import { describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { addDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { addCorp, callbackSettings } from '../../server/organisation/corps/corps.ts'
import { approveRun, requestSync } from '../../server/organisation/sync/request.ts'
import { findRun } from '../../server/organisation/sync/runs/run-store.ts'
import { readConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/operation/log.ts'
import { type Server, startServer } from '../../server/server.ts'
import { type Body, type Caller, callerOf, databaseEnv } from '../harness.ts'
import { seed, soak } from '../soak.ts'
import {
  apiPicture,
  createFollower,
  type Follower,
  readUpstream,
  storedPicture,
  storedPictureOf,
  toldPictureOf,
} from './mirror-check.ts'
import { type Change, createChanges, createDice } from './random-changes.ts'
import { eventually, type ServerProcess, startProcess } from './server-process.ts'

/*
 * docs/interface/address-book.md#mirror: whatever is lost, doubled or reordered, and whenever a process is killed, after one
 * reconcile the mirror equals WeCom's data, and so does what the change feed reported.
 */

const changesWanted = soak(300, 3000)
const killsWanted = soak(2, 15)

type Connection = { corpId: string; developer: { devId: string; devSecret: string }; callback: Body }

describe('random changes', () => {
  it('end in a mirror that is equal to WeCom', { timeout: soak(180_000, 20 * 60_000) }, async () => {
    const sandbox = await startSandbox({ members: 400, departments: 40, tags: 8, seed })
    try {
      const env = {
        ...(await databaseEnv()),
        WISP_WECOM_URL: sandbox.url,
        WISP_LOG_LEVEL: 'warn',
      }
      const connection = await connect(env, sandbox)
      const storm = await rage(env, sandbox, connection)
      await calm(sandbox)
      const server = await startServer(readConfig(env), { log: createLog('silent') })
      try {
        await reconcile(server, sandbox.corpId)
        await compare(server, sandbox, connection, storm.follower)
      } finally {
        await server.close()
      }
      console.log(JSON.stringify({ seed, ...storm.counts, feedRows: storm.follower.rows }))
      expect(storm.counts.changes).toBe(changesWanted)
      expect(storm.counts.kills).toBe(killsWanted)
    } finally {
      await sandbox.close()
    }
  })
})

/** Prepares a synced corp and a developer; a full sync is left open for the process that starts next. */
async function connect(env: Record<string, string>, sandbox: Sandbox): Promise<Connection> {
  const server = await startServer(readConfig(env), { log: createLog('silent') })
  const { ctx } = server
  const { corpId, contactSecret } = sandbox
  await addCorp(ctx, 'test', { corpId, name: '测试企业', contactSecret })
  await requestSync(ctx, 'test', corpId, 'full')
  await ctx.sync.drain(corpId)
  const developer = await addDeveloper(ctx, 'test', corpId, { name: '测试' })
  const callback = callbackSettings(ctx, ctx.corps.get(corpId))
  await requestSync(ctx, 'test', corpId, 'full')
  await server.close()
  return { corpId, developer, callback }
}

const control = (sandbox: Sandbox, path: string, body: Body) =>
  fetch(`${sandbox.url}/_sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) })

async function stir(sandbox: Sandbox): Promise<void> {
  // Only the first fault that applies takes effect: 0.25 of the 80 % that the first fault leaves are 20 % of all.
  for (const [mode, probability] of [
    ['dropCallback', 0.2],
    ['duplicateCallback', 0.25],
    ['reorderCallback', 1 / 3],
  ] as const)
    await control(sandbox, 'faults', { match: 'callback/', mode, probability, delayMs: 200 })
  const match = '//cgi-bin/(department|user|tag)/(list|get|simplelist)$/'
  for (const mode of ['busy', 'http500', 'html', 'truncated', 'slow', 'tokenExpired']) {
    await control(sandbox, 'faults', { match, mode, probability: 0.02, delayMs: 150 })
  }
}

/** One server process at a time, always on the same port and data. */
type Life = { process: ServerProcess; port: string; kills: number }

async function live(env: Record<string, string>, port = '0'): Promise<Life> {
  const server = await startProcess({ ...env, WISP_PORT: port })
  return { process: server, port: new URL(server.url).port, kills: 0 }
}

async function rage(env: Record<string, string>, sandbox: Sandbox, connection: Connection) {
  const dice = createDice(seed + 1)
  const life = await live(env)
  const dev = () => callerOf(life.process.url, connection.developer)
  const follower = createFollower(dev, 150)
  const url = `${life.process.url}/admin/syncController/addressBookChange`
  const saved = await control(sandbox, 'callback', { ...connection.callback, url, retryDelaysMs: [200, 600] })
  expect(await saved.json()).toMatchObject({ saved: true })
  await stir(sandbox)
  const counts = { changes: 0, silent: 0, hints: 0, kills: 0, slowestStartMs: 0 }
  const hints: Promise<unknown>[] = []
  const killAt = Array.from({ length: killsWanted }, (_, n) =>
    Math.floor((n + 0.2 + dice() * 0.7) * (changesWanted / killsWanted)),
  )
  let restarting = Promise.resolve()
  const restart = async () => {
    await life.process.kill()
    const started = performance.now()
    life.process = (await live(env, life.port)).process
    counts.slowestStartMs = Math.max(counts.slowestStartMs, Math.round(performance.now() - started))
  }
  const changes = await createChanges(sandbox, seed)
  while (counts.changes < changesWanted) {
    const change = await changes.next()
    if (!change) continue
    counts.changes++
    if (change.door === 'api' && !change.operation.startsWith('tag/')) {
      counts.silent++
      // The failure is reported at the end, because a rejection that nobody awaits yet would end the run.
      const notice = () =>
        hint(() => life.process.url, connection.corpId, change).catch((error: unknown) => error)
      if (counts.silent % 2 === 0) hints.push(notice())
    }
    if (killAt[counts.kills] === counts.changes) {
      counts.kills++
      restarting = restarting.then(restart)
    }
    if (counts.changes % 40 === 0) await follower.poll().catch(ignoreOutage)
    // This is slow enough that a process is in the middle of something whenever it is killed.
    await new Promise(resolve => setTimeout(resolve, 15 + dice() * 20))
  }
  await restarting
  expect((await Promise.all(hints)).filter(failure => failure !== undefined)).toEqual([])
  counts.hints = hints.length
  expect(await life.process.stop()).toBe(0)
  return { counts, follower }
}

/** Ignores fetch's error for a process that is being killed. */
function ignoreOutage(error: unknown): void {
  if (!(error instanceof TypeError)) throw error
}

/**
 * Sends the notice that a third party gives wisp after a change through WeCom's API
 * (docs/interface/address-book.md#notice-of-changes), repeated while wisp does not answer. Tags have no such notice.
 */
async function hint(url: () => string, corpId: string, { operation, input }: Change): Promise<void> {
  const [family, op = ''] = operation.split('/')
  const kind = op.includes('delete') ? 'delete' : op
  const ids = family === 'user' ? [input['userid'] ?? input['useridlist']].flat() : [input['id']]
  for (const id of ids) {
    const query = new URLSearchParams({
      corpId,
      changeType: `${kind}_${family === 'user' ? 'user' : 'party'}`,
      ...(family === 'user' ? { userId: String(id) } : { partyId: String(id) }),
    })
    const take = async () => {
      const response = await fetch(`${url()}/admin/syncController/callback?${query}`)
      return (await response.json()) as Body
    }
    // On a busy machine a killed process may take long to be back.
    const answer = await eventually('wisp takes a notice', take, 90_000)
    expect(answer).toMatchObject({ retCode: '0' })
  }
}

async function calm(sandbox: Sandbox): Promise<void> {
  await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'DELETE' })
  await fetch(`${sandbox.url}/_sandbox/callback`, { method: 'DELETE' })
}

async function reconcile({ ctx }: Server, corpId: string): Promise<void> {
  await ctx.sync.drain(corpId)
  const id = await requestSync(ctx, 'test', corpId, 'reconcile')
  await ctx.sync.drain(corpId)
  const run = await findRun(ctx.db, corpId, id)
  // After many changes, those to delete whose callbacks were dropped are more than a fifth.
  if (run?.state === 'approval') {
    await approveRun(ctx, 'test', corpId, id)
    await ctx.sync.drain(corpId)
  }
  expect(await findRun(ctx.db, corpId, id)).toMatchObject({ kind: 'reconcile', state: 'done' })
}

async function compare(
  server: Server,
  sandbox: Sandbox,
  connection: Connection,
  follower: Follower,
): Promise<void> {
  const { ctx } = server
  const dev: Caller = callerOf(server.url, connection.developer)
  const upstream = await readUpstream(sandbox)
  const told = toldPictureOf(upstream)
  expect(await storedPicture(ctx.db, sandbox.corpId)).toEqual(storedPictureOf(upstream))
  expect(await apiPicture(dev)).toEqual(told)
  const fromTheStart = createFollower(() => dev, 97)
  await fromTheStart.poll()
  expect(fromTheStart.picture).toEqual(told)
  // This continues the follower that has read the feed throughout, across every kill.
  const late = createFollower(() => dev, 150)
  Object.assign(late, { picture: follower.picture, since: follower.since })
  await late.poll()
  expect(late.picture).toEqual(told)
  follower.rows += late.rows
}

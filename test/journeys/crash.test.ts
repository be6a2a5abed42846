import { describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { addDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { addCorp, callbackSettings } from '../../server/organisation/corps/corps.ts'
import { requestSync } from '../../server/organisation/sync/request.ts'
import { findRun } from '../../server/organisation/sync/runs/run-store.ts'
import { readConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/operation/log.ts'
import { startServer } from '../../server/server.ts'
import { type Body, callerOf, databaseEnv } from '../harness.ts'
import { soak } from '../soak.ts'
import { readUpstream, storedPicture, storedPictureOf } from './mirror-check.ts'
import { eventually, startProcess } from './server-process.ts'

const members = soak(2000, 4000)
const departments = soak(120, 240)

const control = (sandbox: Sandbox, path: string, body?: Body, method = body ? 'POST' : 'GET') =>
  fetch(`${sandbox.url}/_sandbox/${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) })

async function pagesRead(sandbox: Sandbox): Promise<number> {
  const calls = (await (await control(sandbox, 'calls')).json()) as Record<string, Record<string, number>>
  const list = Object.entries(calls).find(([path]) => path.endsWith('user/list'))?.[1] ?? {}
  return Object.values(list).reduce((sum, count) => sum + count, 0)
}

describe('a process that is killed', () => {
  it('goes on with the sync it was in, and loses no event that it accepted', {
    timeout: 120_000,
  }, async () => {
    const sandbox = await startSandbox({ members, departments, tags: 6, seed: 5 })
    const env = { ...(await databaseEnv()), WISP_WECOM_URL: sandbox.url, WISP_LOG_LEVEL: 'warn' }
    try {
      const { developer, runId, callback } = await prepare(env, sandbox)
      await control(sandbox, 'faults', { match: 'user/list', mode: 'slow', delayMs: 240 })
      let wisp = await startProcess(env)
      const known = async () => {
        const { body } = await callerOf(wisp.url, developer).get('/api/user/orgUserList', {
          orgId: '1',
          fetchChild: 1,
          pageNo: 1,
          pageSize: 1,
        })
        return Number(body?.total ?? 0)
      }
      const listed = (await readUpstream(sandbox)).members.filter(one => one.status !== 5).length
      // Kills the process at a quarter and at half of the first sync.
      for (const part of [0.25, 0.5]) {
        const reached = await eventually(`${part} of the members`, async () => {
          const total = await known()
          return total > members * part && total
        })
        expect(reached).toBeLessThan(listed)
        await wisp.kill()
        wisp = await startProcess(env)
      }
      await control(sandbox, 'faults', undefined, 'DELETE')
      await eventually('all members', async () => (await known()) === listed)
      // Every department was read once, and a second time only if its read was under way at one of the two kills.
      expect(await pagesRead(sandbox)).toBeLessThan(departments * 1.7)

      const url = `${wisp.url}/admin/syncController/addressBookChange`
      await control(sandbox, 'callback', { ...callback, url })
      await control(sandbox, 'faults', { match: 'user/get', mode: 'slow', delayMs: 500 })
      const { members: list } = await readUpstream(sandbox)
      for (const { userid } of list.slice(0, 60))
        await control(sandbox, 'admin/user/update', { userid, alias: `杀${userid}` })
      await eventually('all accepted', async () => {
        const state = (await (await control(sandbox, 'callback')).json()) as {
          pending: number
          failed: number
        }
        expect(state.failed).toBe(0)
        return state.pending === 0
      })
      await wisp.kill()
      await control(sandbox, 'faults', undefined, 'DELETE')

      const server = await startServer(readConfig(env), { log: createLog('silent') })
      await server.ctx.sync.drain(sandbox.corpId)
      expect(await findRun(server.ctx.db, sandbox.corpId, runId)).toMatchObject({
        state: 'done',
        error: null,
        counts: { member: { put: members, drop: 0 } },
      })
      expect(await server.ctx.db.selectFrom('sync_page').select('page').execute()).toEqual([])
      expect(await storedPicture(server.ctx.db, sandbox.corpId)).toEqual(
        storedPictureOf(await readUpstream(sandbox)),
      )
      await server.close()
    } finally {
      await sandbox.close()
    }
  })
})

/** Creates a corp whose first sync is left to the next process. */
async function prepare(env: Record<string, string>, sandbox: Sandbox) {
  const { ctx, close } = await startServer(readConfig(env), { log: createLog('silent') })
  const { corpId, contactSecret } = sandbox
  await ctx.queue.stop()
  await addCorp(ctx, 'test', { corpId, name: '测试企业', contactSecret })
  const developer = await addDeveloper(ctx, 'test', corpId, { name: '测试' })
  const runId = await requestSync(ctx, 'test', corpId, 'full')
  const callback = callbackSettings(ctx, ctx.corps.get(corpId))
  await close()
  return { developer, runId, callback }
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../test/sign-in.ts'
import type { SessionOfCorp } from './session-calls.ts'

let world: World
let system: SignedInClient
let superAdministrator: SignedInClient

const list = async (as = system, query: Record<string, string | number> = {}) =>
  (await as.get('/web/console/sessions', query)).body as { list: SessionOfCorp[]; total: number }
const names = (rows: SessionOfCorp[]) => rows.map(row => row.userName).sort()

beforeAll(async () => {
  world = await startWorld()
  system = await signInAs(world, 'system')
  superAdministrator = await signInAs(world, 'super', 'zhangsan')
})
afterAll(() => world.close())

describe('sessions of a corp', () => {
  it('are listed with who is signed in; the system accounts only for themselves', async () => {
    await signIn(world, { userId: 'lisi' })
    expect(names((await list()).list)).toEqual(['admin', '张三', '李四'])
    expect(names((await list(superAdministrator)).list)).toEqual(['张三', '李四'])
    expect((await list()).list.find(row => row.current)?.userName).toBe('admin')
    expect(names((await list(system, { q: 'lisi' })).list)).toEqual(['李四'])
    expect((await list(system, { pageSize: 2, pageNo: 2 })).list).toHaveLength(1)
  })

  it('leave the list when they have not been used for too long', async () => {
    const lisi = await signIn(world, { userId: 'wangwu' })
    await world.ctx.db
      .updateTable('session')
      .set({ seen_at: new Date(Date.now() - 4.5 * 3_600_000) })
      .where('id', '=', lisi.sessionId)
      .execute()
    expect((await list()).list.some(row => row.userId === 'wangwu')).toBe(false)
  })

  it('end at once, and that is written down', async () => {
    const lisi = await signIn(world, { userId: 'lisi' })
    expect((await lisi.get('/web/sessions')).status).toBe(200)
    const ended = await superAdministrator.post('/web/console/sessions/end', { id: lisi.sessionId })
    expect(ended.retCode).toBe('0')
    expect((await lisi.get('/web/sessions')).status).toBe(401)
    const again = await superAdministrator.post('/web/console/sessions/end', { id: lisi.sessionId })
    expect(again.retCode).toBe('1000')
    const { body } = await system.get('/web/audit', { act: 'session.end' })
    expect(body.list[0]).toMatchObject({ actor: 'zhangsan', target: 'lisi' })
  })

  it('of one person end together, on every device', async () => {
    const both = [await signIn(world, { userId: 'lisi' }), await signIn(world, { userId: 'lisi' })]
    const { body } = await superAdministrator.post('/web/console/sessions/end-person', { userId: 'lisi' })
    expect(body.ended).toBeGreaterThanOrEqual(2)
    for (const one of both) expect((await one.get('/web/sessions')).status).toBe(401)
    const self = await superAdministrator.post('/web/console/sessions/end-person', { userId: 'zhangsan' })
    expect(self.status).toBe(403)
    const unknown = await superAdministrator.post('/web/console/sessions/end-person', { userId: 'nobody' })
    expect(unknown.retCode).toBe('1007')
  })

  it('of a system account are beyond a super administrator', async () => {
    const answer = await superAdministrator.post('/web/console/sessions/end', { id: system.sessionId })
    expect(answer.retCode).toBe('1000')
    expect((await list()).list.some(row => row.current)).toBe(true)
  })

  it('are not for graded administrators', async () => {
    const graded = await signInAs(world, 'graded', 'wangwu', [{ departmentId: 1, manage: true }])
    expect((await graded.get('/web/console/sessions')).status).toBe(403)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Manager, managerBy } from '../../../test/admin-token.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { applySettings, exportSettings, readSettings } from '../settings-file/apply-settings.ts'
import { quietEnd } from './quiet-end.ts'
import { allDays, type QuietHours } from './quiet-hours.ts'

const night: QuietHours = { days: allDays, from: 22 * 60, to: 8 * 60, timeZone: 'Asia/Shanghai' }
const endOf = (quiet: QuietHours, time: string) => {
  const end = quietEnd([quiet], Date.parse(time))
  return end && new Date(end.until).toISOString()
}

describe('quiet hours', () => {
  it('end where their zone says, over midnight too', () => {
    expect(endOf(night, '2026-11-29T23:10:20+08:00')).toBe('2026-11-30T00:00:00.000Z')
    expect(endOf(night, '2026-11-29T07:59:59+08:00')).toBe('2026-11-29T00:00:00.000Z')
    expect(endOf(night, '2026-11-29T08:00:00+08:00')).toBeUndefined()
    const noon = { ...night, from: 720, to: 780 }
    expect(endOf(noon, '2026-11-29T12:30:00+08:00')).toBe('2026-11-29T05:00:00.000Z')
  })

  it('begin on their days, and end on the next', () => {
    // 2026-11-28 is a Saturday.
    const weekend = { ...night, days: [6] }
    expect(endOf(weekend, '2026-11-28T07:00:00+08:00')).toBeUndefined()
    expect(endOf(weekend, '2026-11-28T23:00:00+08:00')).toBe('2026-11-29T00:00:00.000Z')
    expect(endOf(weekend, '2026-11-29T07:00:00+08:00')).toBe('2026-11-29T00:00:00.000Z')
    expect(endOf(weekend, '2026-11-29T23:00:00+08:00')).toBeUndefined()
  })
})

describe('those of a corp', () => {
  let world: World
  let as: SignedInClient
  let manager: Manager
  beforeAll(async () => {
    world = await startWorld({ members: 5 })
    as = await signInAs(world, 'super', 'zhangsan')
    manager = await managerBy(world)
  })
  afterAll(() => world.close())
  const kept = () => world.ctx.quietHours.of(world.corpId)
  const workdays = [1, 2, 3, 4, 5]

  it('are set by every way, and each day is meant where none is given', async () => {
    const wire = { from: '22:00', to: '08:00', timeZone: 'Asia/Shanghai' }
    const put = await manager.post('/api/admin/todo/quietHours', { quietHours: wire })
    expect(put.body.quietHours).toEqual({ ...wire, days: allDays })
    expect(kept()).toEqual(night)
    const { version, ...form } = (await as.get('/web/console/todos/quiet-hours')).body
    expect(form).toEqual({ ...wire, isOn: true, days: allDays })
    await as.post('/web/console/todos/quiet-hours/save', { version, ...wire, days: [5, 4, 3, 2, 1] })
    expect(kept()).toEqual({ ...night, days: workdays })
    const file = JSON.parse(await exportSettings(world.ctx, world.corpId))
    expect(file.todos.quietHours).toEqual({ ...wire, days: workdays })
    file.todos.quietHours.days = [6, 7]
    await applySettings(world.ctx, 'test', readSettings(world.ctx, JSON.stringify(file), undefined))
    expect(kept()?.days).toEqual([6, 7])
    const words = ['todo', 'settings', '--quiet', '21:00-07:00', '--quiet-days', '1,7']
    expect((await runCommand(world.ctx, words)).text).toContain('21:00-07:00 Asia/Shanghai，周 1、7')
    await runCommand(world.ctx, ['todo', 'settings', '--quiet', 'none'])
    expect(kept()).toBeUndefined()
  })
})

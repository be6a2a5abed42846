import { afterAll, beforeAll, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { signInAs } from '../../../test/sign-in.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { applySettings, exportSettings, readSettings } from '../settings-file/apply-settings.ts'
import { standard } from './settings.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 10 })
})
afterAll(() => world.close())

it('what waits for approval is set by every way', async () => {
  const as = await signInAs(world, 'super')
  const kept = () => world.ctx.sendApproval.of(world.corpId)
  const manager = await managerBy(world)
  const settings = { ...standard, receivers: 9, words: [' 贷款 ', '贷款', '中奖'] }
  const put = await manager.post('/api/admin/message/approvalSettings/set', { sendApproval: settings })
  expect(put.body.sendApproval).toEqual({ ...settings, words: ['贷款', '中奖'] })
  const { version } = (await as.get('/web/messages/approval-settings')).body
  await as.post('/web/messages/approval-settings/save', {
    ...{ version, receivers: 8, words: ['中奖'], smsPrice: 5, all: '1', untyped: '0' },
  })
  expect(kept()).toEqual({ ...standard, receivers: 8, words: ['中奖'], smsPrice: 5 })
  const stale = await as.post('/web/messages/approval-settings/save', { version, all: '0', untyped: '0' })
  expect(stale.retCode).toBe('1000')
  const file = JSON.parse(await exportSettings(world.ctx, world.corpId))
  file.sendApproval.untyped = true
  await applySettings(world.ctx, 'test', readSettings(world.ctx, JSON.stringify(file), undefined))
  expect(kept().untyped).toBe(true)
  const shown = await runCommand(world.ctx, ['message', 'approval', '--receivers', '7', '--untyped', 'off'])
  expect(shown.data).toMatchObject({ receivers: 7, untyped: false })
})

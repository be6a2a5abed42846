import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { callerWith, signInAs } from '../../../../test/sign-in.ts'
import { begins, ends } from '../../../features/alerts/open-alerts.fixture.ts'
import { setChannel } from '../../../features/channels/settings/settings.ts'
import { useSms } from '../../../features/messages/messages.fixture.ts'
import { saveWays } from '../ways/ways.ts'
import { codesSent } from './sms-code.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { WISP_TRUSTED_PROXIES: '127.0.0.1' } })
  await useSms(world, 'aliyun')
  await saveWays(world.ctx, 'test', world.corpId, { ways: ['wecom', 'sms'], smsTemplate: 'code' })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.ctx.db.deleteFrom('attempt_counter').execute()
})

const cause = 'smsCodesFailed'
let ip = 0
/** Somebody asks for a code, who is not told what becomes of it. */
async function ask(): Promise<void> {
  const { mobile } = await world.ctx.db
    .selectFrom('member')
    .select('mobile')
    .where('user_id', '=', 'zhangsan')
    .executeTakeFirstOrThrow()
  await world.ctx.db.deleteFrom('attempt_counter').execute()
  const from = { 'x-forwarded-for': `10.2.0.${ip++}` }
  const given = { corpId: world.corpId, mobile }
  const answer = await callerWith(world.server.url, '', '', '').post('/web/sign-in/sms', given, from)
  expect(answer.retCode).toBe('0')
  await codesSent()
}
const failures = () => world.ctx.db.selectFrom('sms_code_failure').selectAll().execute()
async function alert() {
  const system = await signInAs(world, 'system')
  const list: { kind: string; what: string; fix: string; path: string }[] = (await system.get('/web/alerts'))
    .body.list
  return list.find(one => one.kind === cause)
}

it('a code that the vendor refuses is told, with what to do, until one leaves', async () => {
  await world.control('faults', { match: 'sms/aliyun/SendSms', mode: 'code:isv.AMOUNT_NOT_ENOUGH' })
  await ask()
  await begins(world.ctx, cause)
  expect(await alert()).toMatchObject({
    what: expect.stringContaining('isv.AMOUNT_NOT_ENOUGH'),
    fix: expect.stringMatching(/充值.*登录一次/),
    path: '/console/messages/settings',
  })
  const [first] = await failures()
  await ask()
  expect(await failures()).toEqual([first])
  await world.control('faults', undefined, 'DELETE')
  await ask()
  await ends(world.ctx, cause)
})

it('so is a vendor that is down, and a channel that is gone', async () => {
  await world.control('faults', { match: 'sms/aliyun/SendSms', mode: 'truncated' })
  await ask()
  await begins(world.ctx, cause)
  await world.control('faults', undefined, 'DELETE')
  await ask()
  await ends(world.ctx, cause)
  await setChannel(world.ctx, 'test', world.corpId, 'sms', null)
  await ask()
  await begins(world.ctx, cause)
  expect((await alert())?.what).toContain('短信服务商或模板未配置')
})

it('ends when codes are switched off, and comes back with nothing but another failure', async () => {
  await saveWays(world.ctx, 'test', world.corpId, { ways: ['wecom'] })
  await ends(world.ctx, cause)
  expect(await failures()).toEqual([])
  await useSms(world, 'aliyun')
  await saveWays(world.ctx, 'test', world.corpId, { ways: ['wecom', 'sms'] })
})

it('a number that the vendor does not take is nothing to mend, and no sign of success', async () => {
  await world.control('faults', { match: 'sms/aliyun/SendSms', mode: 'code:isv.MOBILE_NUMBER_ILLEGAL' })
  await ask()
  expect(await failures()).toEqual([])
  await world.control('faults', undefined, 'DELETE')
  await world.control('faults', { match: 'sms/aliyun/SendSms', mode: 'http500' })
  await ask()
  expect(await failures()).toHaveLength(1)
  await world.control('faults', undefined, 'DELETE')
  await world.control('faults', { match: 'sms/aliyun/SendSms', mode: 'code:isv.MOBILE_NUMBER_ILLEGAL' })
  await ask()
  expect(await failures()).toHaveLength(1)
  await world.control('faults', undefined, 'DELETE')
})

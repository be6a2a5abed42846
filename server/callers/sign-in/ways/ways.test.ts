import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { useSms } from '../../../features/messages/messages.fixture.ts'
import { hasPlace } from '../passkeys/place.ts'

let world: World
let as: SignedInClient
beforeAll(async () => {
  world = await startWorld()
  as = await signInAs(world, 'super')
})
afterAll(() => world.close())

const read = async () => (await as.get('/web/console/sign-in-ways')).body

describe('the ways of a corp', () => {
  it('begin with WeCom alone, and take codes by SMS once a template can carry them', async () => {
    expect(await read()).toMatchObject({ ways: ['wecom'], insideDays: 0, othersFirst: true, templates: [] })
    await useSms(world, 'tencent')
    const { version, templates } = await read()
    expect(templates).toMatchObject([{ id: 'code' }])
    const change = { ways: ['sms', 'wecom'], smsTemplate: 'code', othersFirst: '0', insideDays: 7 }
    expect((await as.post('/web/console/sign-in-ways/save', { ...change, version })).retCode).toBe('0')
    expect(await read()).toMatchObject({ ways: ['sms', 'wecom'], insideDays: 7, othersFirst: false })
    const campus = { ...change, crowdNetworks: ['10.1.0.0/16'], version: (await read()).version }
    expect((await as.post('/web/console/sign-in-ways/save', campus)).retCode).toBe('0')
    expect(await read()).toMatchObject({ crowdNetworks: ['10.1.0.0/16'] })
    const stale = await as.post('/web/console/sign-in-ways/save', { ...change, version })
    expect([stale.status, stale.retCode]).toEqual([409, '1000'])
    const audit = world.ctx.db.selectFrom('audit').selectAll().where('act', '=', 'sign-in.ways')
    expect((await audit.execute()).map(one => one.actor)).toEqual(['zhangsan', 'zhangsan'])
  })

  it.each([
    ['https://wisp.example.com', true],
    ['https://192.0.2.1', false],
    ['https://[2001:db8::1]:8443', false],
    ['http://wisp.example.com', false],
    ['http://localhost:3000', true],
  ])('with the address %s have a place for passkeys: %s', (publicUrl, has) => {
    const ctx = { ...world.ctx, publicUrl: () => publicUrl }
    expect(hasPlace(ctx, world.corpId)).toBe(has)
  })

  it('are set by command, and what is not named stays', async () => {
    const set = await runCommand(world.ctx, ['sign-in', 'ways', 'set', '--ways', 'wecom,passkey,sms'])
    expect(set.data).toMatchObject({ ways: ['wecom', 'passkey', 'sms'], smsTemplate: 'code', insideDays: 7 })
    const shown = await runCommand(world.ctx, ['sign-in', 'ways', 'show'])
    expect(shown.text).toContain('企业微信、通行密钥、短信验证码')
    const listed = ['sign-in', 'ways', 'set', '--crowd-networks', '192.0.2.0/24,2001:db8::/48']
    expect(shown.text).toContain('10.1.0.0/16')
    expect((await runCommand(world.ctx, listed)).data).toMatchObject({
      crowdNetworks: ['192.0.2.0/24', '2001:db8::/48'],
      insideDays: 7,
    })
    await expect(runCommand(world.ctx, ['sign-in', 'ways', 'set', '--ways', 'wecom,face'])).rejects.toThrow(
      'face',
    )
    await expect(runCommand(world.ctx, ['sign-in', 'ways', 'set', '--inside-days', '31'])).rejects.toThrow()
  })
})

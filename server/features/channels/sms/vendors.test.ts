import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { smsSettingsOf, useSmsOrder } from '../../messages/messages.fixture.ts'
import { orderPlaces, setChannel } from '../settings/settings.ts'
import { examineSms } from './examine.ts'
import { segmentsOf } from './preview.ts'
import { type SmsSettings, smsPriceOf, vendorsOf, wayOf } from './settings.ts'
import { putTemplate } from './templates.ts'
import type { SmsTemplates } from './templates-store.ts'

describe('the vendors of SMS in order', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.close())

  const setup = () => world.ctx.messageSettings.setupOf<SmsSettings, SmsTemplates>(world.corpId, 'sms')
  const ways = () => vendorsOf(setup()).map(wayOf)
  const template = () => setup().extra!.get('code')!
  const set = (settings: object | null, place: number) =>
    setChannel(world.ctx, 'test', world.corpId, 'sms', settings as never, { place })
  const order = (...names: string[]) => orderPlaces(world.ctx, 'test', world.corpId, 'sms', names)

  it('keep their templates, whichever is first', async () => {
    await useSmsOrder(world, ['tencent', 'aliyun', 'huawei'])
    const before = template()
    await order('huawei', 'tencent', 'aliyun')
    expect(ways()).toEqual(['huawei', 'tencent', 'aliyun'])
    expect(template().vendorId).toBe(before.vendors['huawei']?.id)
    expect(template().vendors['tencent']?.id).toBe(before.vendorId)
    await set(null, 1)
    expect(ways()).toEqual(['tencent', 'aliyun'])
    // A node that knows one vendor alone reads the first row and its id.
    expect(template().vendorId).toBe(before.vendorId)
  })

  it.each([
    [() => order('tencent'), /2/],
    [() => order('tencent', 'tencent'), /tencent/],
    [() => set(smsSettingsOf(world, 'huawei'), 4), /place/],
    [() => set(smsSettingsOf(world, 'tencent'), 3), /tencent/],
    [() => set({ ...smsSettingsOf(world, 'json'), url: 'file:///etc/passwd' }, 3), /url/],
    [() => set({ ...smsSettingsOf(world, 'json'), url: 'https://u:p@sms.example/' }, 3), /url/],
    [() => set({ ...smsSettingsOf(world, 'json'), url: 'https://{params.1}.example/' }, 3), /url/],
    [() => set({ ...smsSettingsOf(world, 'json'), headers: 'Host: inner' }, 3), /host/],
    [() => set({ ...smsSettingsOf(world, 'json'), sentWhen: 'code' }, 3), /sentWhen/],
    [() => set({ ...smsSettingsOf(world, 'huawei'), receiptsFrom: 'everywhere' }, 3), /receiptsFrom/],
    [() => set({ ...smsSettingsOf(world, 'huawei'), price: '-1' }, 3), /price/],
  ])('refuse what is wrong (%#)', async (act, words) => {
    const before = ways()
    await expect(act()).rejects.toThrow(words)
    expect(ways()).toEqual(before)
  })

  it('refuse a template whose variables are not as many, or are others', async () => {
    const put = (params: string[]) =>
      putTemplate(world.ctx, 'test', world.corpId, {
        ...template(),
        vendors: { aliyun: { id: 'SMS_1', signName: '', params } },
      })
    for (const params of [['code'], ['code', 'code'], ['code', 'other'], ['code', 'minute', 'x']])
      await expect(put(params)).rejects.toThrow(/aliyun/)
    await put(['minute', 'code'])
    expect(template().vendors['aliyun']?.params).toEqual(['minute', 'code'])
  })

  it('wait until every node knows more than the first', async () => {
    await useSmsOrder(world, ['tencent'])
    await sql`update node set migrations = array_remove(migrations, '0157-sms-vendors.sql')`.execute(
      world.ctx.db,
    )
    await expect(set(smsSettingsOf(world, 'aliyun'), 2)).rejects.toMatchObject({ code: '1013' })
    await expect(set(smsSettingsOf(world, 'huawei'), 1)).rejects.toMatchObject({ code: '1013' })
    await set(smsSettingsOf(world, 'aliyun'), 1)
    expect(ways()).toEqual(['aliyun'])
  })

  it('are asked for balance and sign', async () => {
    const corp = world.ctx.corps.get(world.corpId)
    expect(await examineSms(world.ctx, corp)).toMatchObject([{ id: 'sms:aliyun', state: 'ok' }])
    await set({ ...smsSettingsOf(world, 'aliyun'), signName: '别家' }, 1)
    expect(await examineSms(world.ctx, corp)).toMatchObject([{ state: 'failed' }])
    await set({ ...smsSettingsOf(world, 'tencent') }, 1)
    const [found] = await examineSms(world.ctx, corp)
    expect(JSON.stringify(found)).toContain('10000')
  })
})

it('costs what its vendor takes, or else what the corp says', () => {
  const first = { vendor: 'aliyun', price: '4.5' } as SmsSettings
  const further = [{ vendor: 'huawei' } as SmsSettings]
  const setup = { settings: first, extra: undefined, further }
  expect(smsPriceOf(setup, 'aliyun', 5)).toBe(4.5)
  expect(smsPriceOf(setup, 'huawei', 5)).toBe(5)
  expect(smsPriceOf(setup, undefined, 5)).toBe(4.5)
  expect(smsPriceOf({ settings: undefined, extra: undefined }, undefined, 5)).toBe(5)
})

it.each([
  ['a'.repeat(160), 1, 3],
  ['a'.repeat(161), 2, 3],
  ['€'.repeat(80), 1, 2],
  ['€'.repeat(81), 2, 2],
  ['短'.repeat(70), 1, 1],
  ['短'.repeat(71), 2, 2],
  [`${'a'.repeat(69)}😀`, 2, 2],
  ['', 0, 0],
])('counts segments (%#)', (text, abroad, mainland) => {
  expect([segmentsOf(text, true), segmentsOf(text)]).toEqual([abroad, mainland])
})

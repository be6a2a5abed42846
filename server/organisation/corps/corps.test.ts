import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { addCorp, callbackSettings, publicUrlOf, putAgent, removeAgent, setCorp } from './corps.ts'

describe('corps', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ synced: false })
  })
  afterAll(() => world.close())

  it('gives each its own callback credentials of the lengths that WeCom wants', async () => {
    const made = []
    for (const corpId of ['wwa', 'wwb'])
      made.push(
        await addCorp(world.ctx, 'test', { corpId, name: corpId, contactSecret: 'secret-of-the-corp' }),
      )
    const [a, b] = made.map(corp => callbackSettings(world.ctx, corp))
    expect(a?.url).toBe(`${world.server.url}/admin/syncController/addressBookChange`)
    expect(a?.token).toMatch(/^[A-Za-z0-9]{24}$/)
    expect(a?.encodingAesKey).toMatch(/^[A-Za-z0-9]{43}$/)
    expect(a?.token).not.toBe(b?.token)
    expect(a?.encodingAesKey).not.toBe(b?.encodingAesKey)
  })

  it('keeps no secret in clear', async () => {
    const corp = world.ctx.corps.get('wwa')
    const rows = JSON.stringify(await world.ctx.db.selectFrom('corp').selectAll().execute())
    for (const secret of ['secret-of-the-corp', corp.callback.token, corp.callback.encodingAesKey])
      expect(rows).not.toContain(secret)
    const audit = JSON.stringify(await world.ctx.db.selectFrom('audit').selectAll().execute())
    expect(audit).toContain('corp.add')
    expect(audit).not.toContain('secret-of-the-corp')
  })

  it.each([
    [{ corpId: 'wwa' }, '已存在'],
    [{ corpId: 'ww a' }, 'corpId'],
    [{ corpId: 'x'.repeat(65) }, 'corpId'],
    [{ corpId: 'wwc', callbackToken: 'a-b' }, 'Token'],
    [{ corpId: 'wwc', callbackToken: 'a'.repeat(33) }, 'Token'],
    [{ corpId: 'wwc', encodingAesKey: 'short' }, 'EncodingAESKey'],
    [{ corpId: 'wwc', publicUrl: 'not a url' }, 'publicUrl'],
    [{ corpId: 'wwc', publicUrl: 'javascript:alert(1)' }, 'publicUrl'],
    [{ corpId: 'wwc', publicUrl: 'https://wisp.example.com/' }, 'publicUrl'],
    [{ corpId: 'wwc', publicUrl: 'https://wisp.example.com?a=1' }, 'publicUrl'],
  ])('refuses %o and names what is wrong', async (settings, reason) => {
    const adding = addCorp(world.ctx, 'test', { name: '企业', contactSecret: 's', ...settings })
    await expect(adding).rejects.toMatchObject({ code: '1000', message: expect.stringContaining(reason) })
    expect(world.ctx.corps.find('wwc')).toBeUndefined()
  })

  it('changes settings, and asks again what a new secret may do', async () => {
    await world.ctx.db.updateTable('corp').set({ regime: 'full' }).where('corp_id', '=', 'wwa').execute()
    await setCorp(world.ctx, 'test', 'wwa', {
      publicUrl: 'https://portal.example.com',
      hintTokenRequired: true,
    })
    const corp = world.ctx.corps.get('wwa')
    expect(publicUrlOf(world.ctx, corp)).toBe('https://portal.example.com')
    expect(corp).toMatchObject({ regime: 'full', hintTokenRequired: true })
    expect(publicUrlOf(world.ctx, world.ctx.corps.get('wwb'))).toBe(world.server.url)
    await setCorp(world.ctx, 'test', 'wwa', { contactSecret: 'new' })
    expect(world.ctx.corps.get('wwa').regime).toBe('unknown')
    await expect(setCorp(world.ctx, 'test', 'wwnobody', {})).rejects.toMatchObject({ code: '1000' })
  })

  it('keeps agents with what they are for', async () => {
    const agent = { agentId: 1000002, name: '工作台', secret: 'agent-secret', uses: ['names', 'signin'] }
    await putAgent(world.ctx, 'test', 'wwa', agent)
    expect(world.ctx.corps.get('wwa').agents).toMatchObject([{ agentId: 1000002, uses: ['names', 'signin'] }])
    await putAgent(world.ctx, 'test', 'wwa', { ...agent, uses: ['messages'] })
    expect(world.ctx.corps.get('wwa').agents).toMatchObject([{ uses: ['messages'] }])
    expect(world.ctx.corps.get('wwb').agents).toEqual([])
    await expect(putAgent(world.ctx, 'test', 'wwa', { ...agent, uses: ['magic'] })).rejects.toMatchObject({
      code: '1000',
    })
    const rows = JSON.stringify(await world.ctx.db.selectFrom('agent').selectAll().execute())
    expect(rows).not.toContain('agent-secret')
    await removeAgent(world.ctx, 'test', 'wwa', 1000002)
    expect(world.ctx.corps.get('wwa').agents).toEqual([])
    await expect(removeAgent(world.ctx, 'test', 'wwa', 1000002)).rejects.toMatchObject({ code: '1000' })
  })
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { purposes } from '../sealed.ts'
import { allCorps } from '../store.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 5 })
})
afterAll(() => world.close())

const set = (...words: string[]) => runCommand(world.ctx, ['corp', 'set', ...words])

async function stored() {
  const [row] = await allCorps(world.ctx.db, world.corpId)
  if (!row) throw new Error('the corp is gone')
  return { name: row.name, secret: world.ctx.seal.open(row.contactSecret, purposes.contactSecret) }
}

it('changes nothing of a corp when WeCom refuses the secret, unless it is told not to ask', async () => {
  const before = await stored()
  const refused = await set('--contact-secret', 'wrong', '--name', '新名')
  expect(refused).toMatchObject({ failed: true, data: { saved: false } })
  expect(refused.text).toMatch(/✗ 通讯录同步 Secret[\s\S]*未保存；仍要保存请加 --no-check/)
  expect(await stored()).toEqual(before)
  await set('--contact-secret', 'wrong', '--no-check')
  expect((await stored()).secret).toBe('wrong')
  expect((await set('--contact-secret', before.secret)).text).toBe('已保存')
  expect(await stored()).toEqual(before)
})

it('changes other settings of a corp without asking WeCom', async () => {
  await world.control('faults', { match: '/cgi-bin/', mode: 'code:40001' })
  expect((await set('--name', '新名')).text).toBe('已保存')
  expect((await stored()).name).toBe('新名')
  await world.control('faults', undefined, 'DELETE')
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { UsageError } from '../../platform/command/command.ts'

let world: World
let dev: Caller
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, tags: 1 })
  dev = await world.addDeveloper()
})
afterAll(() => world.close())

const run = async (...words: string[]) =>
  (await runCommand(world.ctx, ['developer', 'packets', dev.devId, ...words])).data
const register = async (deviceId: string) => (await dev.post('/api/security/device', { deviceId })).retCode

it('allows packets, closes for new devices, lists and revokes those that there are', async () => {
  expect(await register('phone')).toBe('1009')
  expect(await run('allowed')).toEqual({ devId: dev.devId, packets: 'allowed' })
  expect(await register('phone')).toBe('0')
  expect(await run('closed')).toEqual({ devId: dev.devId, newDevices: false })
  expect(await register('another')).toBe('1009')
  expect(await run('list')).toMatchObject([{ deviceId: 'phone', sessions: 0, usedAt: null }])
  expect(await run('revoke', 'phone')).toEqual({ devId: dev.devId, revoked: 'phone' })
  expect(await run('list')).toEqual([])
  await expect(run('revoke', 'phone')).rejects.toThrow('没有登记设备 phone')
  await run('open')
  expect(await register('phone')).toBe('0')
  await run('required')
  expect((await dev.get('/api/org/tagList')).retCode).toBe('1000')
  await run('off')
  expect((await dev.get('/api/org/tagList')).retCode).toBe('0')
})

it.each([['revoke'], ['list', 'phone'], ['sometimes']])('cannot %s %s', async (...words) => {
  await expect(run(...words.filter(Boolean))).rejects.toThrow(UsageError)
})

it('knows its developers', async () => {
  await expect(runCommand(world.ctx, ['developer', 'packets', 'nobody', 'list'])).rejects.toThrow(
    /无效的应用 ID/,
  )
})

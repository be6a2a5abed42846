import { expect } from 'vitest'
import type { Manager } from './admin-token.ts'

/** Calls all that management has about personal data; what it does is tested in `server/features/personal-data`. */
export async function checkPersonalData(manager: Manager, called: Set<string>): Promise<void> {
  const reads = [
    '/api/admin/person/register',
    '/api/admin/person/requests',
    '/api/admin/person/holds',
    '/api/admin/person/consents',
  ]
  for (const path of reads) expect((await manager.get(path)).body, path).toHaveProperty('list')
  const set = '/api/admin/person/settings'
  expect((await manager.post(set, { eraseDays: 90 })).body).toEqual({ eraseDays: 90 })
  expect((await manager.post(set, { eraseDays: 29 })).retCode).toBe('1000')
  expect((await manager.post(set, {})).body).toEqual({ eraseDays: null })
  const erase = '/api/admin/person/erase'
  expect((await manager.post(erase, { userId: 'zhangsan', reason: 'x' })).retMessage).toContain(
    '仍是企业微信的成员',
  )
  const [hold, end] = ['/api/admin/person/hold', '/api/admin/person/hold/end']
  const until = new Date(Date.now() + 86_400_000).toISOString()
  const { id } = (await manager.post(hold, { userId: 'zhangsan', reason: 'x', until })).body
  expect((await manager.post(end, { id })).retCode).toBe('0')
  expect((await manager.post(end, { id })).retCode).toBe('1000')
  for (const path of [...reads, set, erase, hold, end]) called.add(path)
}

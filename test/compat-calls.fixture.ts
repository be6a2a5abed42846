import { expect } from 'vitest'
import type { Manager } from './admin-token.ts'

/** Calls all that management has about compat secrets; what they open is tested in `server/features/compat-wecom`. */
export async function checkCompat(manager: Manager, called: Set<string>, devId: string): Promise<void> {
  const read = '/api/admin/developer/compat'
  const rotate = '/api/admin/developer/compat/rotate'
  const revoke = '/api/admin/developer/compat/revoke'
  const made = (await manager.post(rotate, { devId })).body
  expect(made).toMatchObject({ base: expect.stringMatching(/\/compat\/wecom$/), revoked: 0 })
  const shown = (await manager.get(read, { devId })).body
  expect(JSON.stringify(shown)).not.toContain(made.corpsecret)
  expect((await manager.post(revoke, { devId, secretId: shown.secrets[0].id })).retCode).toBe('0')
  expect((await manager.get(read, { devId })).body.secrets).toEqual([])
  for (const path of [read, rotate, revoke]) called.add(path)
}

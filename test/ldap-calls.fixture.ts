import { expect } from 'vitest'
import type { Manager } from './admin-token.ts'

/** Calls all that management has about the LDAP client of an app; what it opens is tested in `server/features/ldap`. */
export async function checkLdap(manager: Manager, called: Set<string>, corpId: string): Promise<void> {
  const read = '/api/admin/app/ldap'
  const set = '/api/admin/app/ldap/set'
  const renew = '/api/admin/app/ldap/renewSecret'
  const remove = '/api/admin/app/ldap/remove'
  const { id } = (await manager.post('/api/admin/app/add', { name: 'Nexus' })).body
  const made = (await manager.post(set, { id, settings: { name: 'nexus', fields: ['groups'] } })).body
  expect(made).toMatchObject({ bindDn: `cn=nexus,o=${corpId}`, everyone: true, fields: ['groups'] })
  expect(made.secret).toMatch(/^[\w-]{32}$/)
  expect(JSON.stringify((await manager.get(read, { id })).body)).not.toContain(made.secret)
  const more = await manager.post(set, { id, settings: { fields: ['groups', 'mobile'] } })
  expect(more).toMatchObject({ retCode: '1009', retMessage: expect.stringContaining('mobile') })
  expect((await manager.post(renew, { id })).body.secret).not.toBe(made.secret)
  expect((await manager.post(remove, { id })).retCode).toBe('0')
  expect((await manager.get(read, { id })).retCode).toBe('1000')
  for (const path of [read, set, renew, remove]) called.add(path)
}

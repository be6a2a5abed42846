import { expect } from 'vitest'
import type { Manager } from './admin-token.ts'

/** Calls of management for groups of members, each with success; notes in `called` that they were. */
export async function checkMemberGroups(all: Manager, called: Set<string>): Promise<void> {
  const post = async (path: string, body: object) => {
    called.add(path)
    const answer = await all.post(path, body)
    expect(answer.retCode, answer.retMessage).toBe('0')
    return answer.body
  }
  const rule = { field: 'status', op: 'is', values: ['active'] }
  const { id } = await post('/api/admin/memberGroup/add', { group: { name: '在职', rule } })
  expect(await post('/api/admin/memberGroup/set', { id, group: { note: '每月核对' } })).toMatchObject({
    name: '在职',
    note: '每月核对',
    rule,
  })
  called.add('/api/admin/memberGroups')
  expect((await all.get('/api/admin/memberGroups')).body.list).toMatchObject([{ id, name: '在职' }])
  called.add('/api/admin/memberGroup')
  expect((await all.get('/api/admin/memberGroup', { id })).body).toMatchObject({ id, userIds: [] })
  expect(await post('/api/admin/memberGroup/remove', { id })).toEqual({ id })
}

import { expect } from 'vitest'
import type { Manager } from './admin-token.ts'

/** Calls of management for people from outside WeCom, each with success; notes in `called` that they were. */
export async function checkExternal(all: Manager, called: Set<string>): Promise<void> {
  const post = async (path: string, body: object) => {
    called.add(path)
    const answer = await all.post(path, body)
    expect(answer.retCode, answer.retMessage).toBe('0')
    return answer.body
  }
  const get = async (path: string) => {
    called.add(path)
    return (await all.get(path)).body.list
  }
  const endsAt = new Date(Date.now() + 30 * 86_400_000).toISOString()
  const person = {
    name: '王师傅',
    mobile: '13900000009',
    organisation: '甲公司',
    sponsorUserId: 'zhangsan',
    endsAt,
  }
  const { userId } = await post('/api/admin/externalPerson/add', { person })
  expect(
    await post('/api/admin/externalPerson/set', { userId, person: { organisation: '乙公司' } }),
  ).toMatchObject({
    userId,
    organisation: '乙公司',
    sponsorName: '张三',
  })
  const listed = await all.get('/api/admin/externalPeople', { text: userId })
  called.add('/api/admin/externalPeople')
  expect(listed.body.list).toMatchObject([{ userId, endsAt }])
  expect(await get('/api/admin/externalPerson/proposals')).toBeInstanceOf(Array)
  called.add('/api/admin/externalPerson/decide')
  const none = await all.post('/api/admin/externalPerson/decide', { userId, memberUserId: 'zhangsan' })
  expect([none.retCode, none.retMessage]).toEqual(['1000', expect.stringContaining(userId)])
  expect(await post('/api/admin/externalPerson/end', { userId })).toEqual({ userId })
}

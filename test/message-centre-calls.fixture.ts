import { sql } from 'kysely'
import { expect } from 'vitest'
import type { Db } from '../server/platform/storage/db.ts'
import type { Manager } from './admin-token.ts'

/** Calls of management for message types and group robots, each with success; notes in `called` that they were. */
export async function checkMessageCentre(all: Manager, called: Set<string>): Promise<void> {
  const get = async (path: string, query: Record<string, string> = {}) => {
    called.add(path)
    return (await all.get(path, query)).body
  }
  const post = async (path: string, body: object) => {
    called.add(path)
    const answer = await all.post(path, body)
    expect(answer.retCode, answer.retMessage).toBe('0')
    return answer.body
  }
  const templates = { wecom: { zh: { content: '甲' } } }
  const definition = { name: '通知', level: 'normal', channels: ['wecom'], templates }
  await post('/api/admin/messageType/put', { key: 'notice', definition })
  await post('/api/admin/messageType/state', { key: 'notice', state: 'paused' })
  expect((await get('/api/admin/messageTypes')).list).toMatchObject([{ key: 'notice', state: 'paused' }])
  expect(await get('/api/admin/messageType', { key: 'notice' })).toMatchObject({ templates })
  const { total } = await get('/api/admin/messageType/figures', { key: 'notice' })
  expect(total).toMatchObject({ accepted: 0, cost: 0 })

  const address = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1'
  const { id } = await post('/api/admin/groupRobot/add', {
    vendor: 'wecom',
    robot: { name: '值班群', address },
  })
  await post('/api/admin/groupRobot/set', { id, robot: { name: '机房群' } })
  expect((await get('/api/admin/groupRobots')).list).toMatchObject([{ id, name: '机房群' }])
  await post('/api/admin/groupRobot/remove', { id })
}

/** Calls of management for approvals, by an own flow, of which WeCom is not asked. */
export async function checkApprovals(all: Manager, called: Set<string>, agentId: number): Promise<void> {
  const get = async (path: string) => {
    called.add(path)
    return (await all.get(path, {})).body
  }
  const post = async (path: string, body: object) => {
    called.add(path)
    const answer = await all.post(path, body)
    expect(answer.retCode, answer.retMessage).toBe('0')
    return answer.body
  }
  await post('/api/admin/approvalSettings/set', { agentId })
  await post('/api/admin/approvalTemplate/put', { templateId: 'seal', flow: 'own', name: '用印' })
  expect(await get('/api/admin/approvalSettings')).toMatchObject({
    agentId,
    templates: [{ templateId: 'seal', name: '用印', grants: [] }],
  })
  expect(await get('/api/admin/approvals')).toEqual({ list: [], total: 0 })
  await post('/api/admin/approvalTemplate/remove', { templateId: 'seal' })
}

/** Calls of management for a group chat of this developer. */
export async function checkGroupChats(
  all: Manager,
  called: Set<string>,
  { db, corpId, devId }: { db: Db; corpId: string; devId: string },
): Promise<void> {
  for (const path of ['/api/admin/groupChats', '/api/admin/groupChat/remove']) called.add(path)
  await sql`insert into group_chat (corp_id, id, dev_id, agent_id, name, state, members, created_at)
    values (${corpId}, 'wispManaged', ${devId}, 1, '项目群', 'ready', 2, now())`.execute(db)
  const { body } = await all.get('/api/admin/groupChats')
  expect(body).toMatchObject({ total: 1, list: [{ chatId: 'wispManaged', devId }] })
  const removed = await all.post('/api/admin/groupChat/remove', { id: 'wispManaged' })
  expect(removed.body, removed.retMessage).toEqual({ chatId: 'wispManaged' })
}

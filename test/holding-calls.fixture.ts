import { expect } from 'vitest'
import type { Manager } from './admin-token.ts'
import { until } from './until.ts'

/** Calls all that management has about sends that wait; what they do is tested in `server/features/messages/approval`. */
export async function checkHolding(manager: Manager, called: Set<string>): Promise<void> {
  const [read, set] = ['/api/admin/message/approvalSettings', '/api/admin/message/approvalSettings/set']
  const { sendApproval } = (await manager.get(read)).body
  expect((await manager.post(set, { sendApproval })).body).toEqual({ sendApproval })
  const acts = [
    '/api/admin/message/approve',
    '/api/admin/message/refuse',
    '/api/admin/message/pause',
    '/api/admin/message/resume',
    '/api/admin/message/end',
  ]
  for (const path of acts) {
    const given = { msgId: 'none', ...(path.endsWith('refuse') ? { reason: 'x' } : {}) }
    expect((await manager.post(path, given)).retMessage, path).toContain('none')
  }
  for (const path of [read, set, ...acts]) called.add(path)
}

/** Verifies the audit log by the calls of management. */
export async function checkAuditTree(all: Manager, called: Set<string>, corpId: string): Promise<void> {
  for (const path of ['verify', 'integrity', 'grants']) called.add(`/api/admin/audit/${path}`)
  expect(await all.get('/api/admin/audit/grants', { corpId })).toMatchObject({ retCode: '0' })
  const asked = await all.post('/api/admin/audit/verify', { corpId })
  expect(asked.body, asked.retMessage).toEqual({ id: expect.any(Number) })
  const { verification } = await until('verified', async () => {
    const { body } = await all.get('/api/admin/audit/integrity', { corpId })
    return body.verification?.endedAt ? body : undefined
  })
  expect(verification).toMatchObject({ found: 0, findings: [], problem: '' })
}

import { expect } from 'vitest'
import type { Manager } from './admin-token.ts'
import { until } from './until.ts'

/** Verifies the audit log by the calls of management. */
export async function checkAuditTree(all: Manager, called: Set<string>, corpId: string): Promise<void> {
  for (const path of ['/api/admin/audit/verify', '/api/admin/audit/integrity']) called.add(path)
  const asked = await all.post('/api/admin/audit/verify', { corpId })
  expect(asked.body, asked.retMessage).toEqual({ id: expect.any(Number) })
  const { verification } = await until('verified', async () => {
    const { body } = await all.get('/api/admin/audit/integrity', { corpId })
    return body.verification?.endedAt ? body : undefined
  })
  expect(verification).toMatchObject({ found: 0, findings: [], problem: '' })
}

import { expect } from 'vitest'
import type { Manager } from './admin-token.ts'

const pairs = [
  ['/api/admin/protection', '/api/admin/protection/set'],
  ['/api/admin/installation/protection', '/api/admin/installation/protection/set'],
] as const

/** Calls all that management has about the protection of sign-ins; its rules are tested in `server/callers/protection`. */
export async function checkProtection(manager: Manager, called: Set<string>): Promise<void> {
  for (const [read, set] of pairs) {
    const { protection } = (await manager.get(read)).body
    expect((await manager.post(set, { protection })).body).toEqual({ protection })
    called.add(read).add(set)
  }
  expect((await manager.get('/api/admin/compliance')).body.list.length).toBeGreaterThan(20)
  called.add('/api/admin/compliance')
}

import { expect } from 'vitest'
import type { Manager } from './admin-token.ts'

/** Calls all that management has about the three administrators, who are not separated here; `server/callers/three-administrators` has its rules. */
export async function checkThree(manager: Manager, called: Set<string>): Promise<void> {
  const read = '/api/admin/three'
  expect((await manager.get(read)).body).toEqual({ isOn: false, since: null, holders: [], acts: [] })
  const [propose, agree, refuse] = [
    '/api/admin/three/propose',
    '/api/admin/three/agree',
    '/api/admin/three/refuse',
  ]
  const off = expect.stringContaining('没有开启')
  const appoint = { kind: 'three.appoint', given: { role: 'auditor', userId: 'zhangsan' }, code: '123456' }
  expect(await manager.post(propose, appoint)).toMatchObject({ retCode: '1000', retMessage: off })
  for (const path of [agree, refuse])
    expect(await manager.post(path, { id: 1, code: '123456' })).toMatchObject({
      retCode: '1000',
      retMessage: off,
    })
  for (const path of [read, propose, agree, refuse]) called.add(path)
}

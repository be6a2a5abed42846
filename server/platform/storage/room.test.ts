import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { createLog } from '../operation/log.ts'
import { createRoom } from './room.ts'

function loggedRoom(dataDir?: string) {
  const lines: string[] = []
  const log = createLog('info', { write: line => void lines.push(line) })
  let ms = 0
  const room = createRoom(log, dataDir, () => ms)
  return { room, lines, pass: (by: number) => (ms += by) }
}

it('says that a write found no room, until writes find some, and logs beginning and end once', () => {
  const { room, lines, pass } = loggedRoom(tmpdir())
  expect(room.problem()).toBeUndefined()
  room.note(Object.assign(new Error('duplicate'), { code: '23505' }))
  room.note(undefined)
  expect(room.problem()).toBeUndefined()
  room.note(Object.assign(new Error('could not extend file'), { code: '53100' }))
  pass(14_000)
  expect(room.problem()).toContain('full')
  expect(room.problem()).toContain('full')
  pass(2000)
  expect(room.problem()).toBeUndefined()
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/"error".*disk full/)
  expect(lines[1]).toContain('there is room on the disk again')
})

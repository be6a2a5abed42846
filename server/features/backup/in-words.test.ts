import { expect, it } from 'vitest'
import { asDatabaseAway, DatabaseAway } from '../../platform/storage/availability.ts'
import { BackupError } from './backup-error.ts'
import { inWords } from './in-words.ts'

/** As a connection throws it. */
const thrown = (code: string, table?: string) =>
  Object.assign(asDatabaseAway(Object.assign(new Error('its own words'), { code })) as Error, { table })

it.each([
  ['53100', /磁盘已满.*（表 member）.*没有恢复任何内容.*its own words（53100）/],
  ['53200', /资源不足/],
  ['25006', /只读的备库/],
  ['57P01', /停止或取消了恢复/],
  ['42501', /权限不够/],
  ['42P01', /数据库拒绝了恢复/],
])('%s of PostgreSQL is told in words, also where a server would be away', (code, words) => {
  const told = inWords(thrown(code, 'member'))
  expect(told).toBeInstanceOf(BackupError)
  expect((told as Error).message).toMatch(words)
})

it.each(['EPIPE', 'ECONNREFUSED', '08006'])('%s is no answer of PostgreSQL, which is away', code => {
  expect(inWords(thrown(code))).toBeInstanceOf(DatabaseAway)
})

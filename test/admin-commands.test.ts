import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { commands } from '../server/cli/commands.ts'
import { adminCalls } from '../server/features.ts'
import { beyondCommands, callsOfCommands } from './admin-commands.table.ts'

it('has a call of management for each command, or a reason', () => {
  expect(Object.keys(callsOfCommands).sort()).toEqual(commands.map(one => one.path).sort())
})

it('names every call of management, and no other', () => {
  const named = Object.values(callsOfCommands).flatMap(one => ('none' in one ? [] : one))
  const all = [...new Set([...named, ...beyondCommands])]
  expect(all.sort()).toEqual(adminCalls.map(one => one.path).sort())
})

it.each(['zh', 'en'])(
  'has a row in the guide for all that only people and the command line do (%s)',
  language => {
    const file = join(import.meta.dirname, `../web/docs/content/${language}/run/management.md`)
    const rows = [...readFileSync(file, 'utf8').matchAll(/^\| [^|]+ \| `wisp ([a-z -]+)` \|/gm)].map(
      ([, words = '']) => words,
    )
    const isOf = (row: string, command: string) => `${command} `.startsWith(`${row} `)
    const without = Object.entries(callsOfCommands).flatMap(([command, one]) =>
      'none' in one ? [command] : [],
    )
    expect(without.filter(command => !rows.some(row => isOf(row, command)))).toEqual([])
    expect(rows.filter(row => !without.some(command => isOf(row, command)))).toEqual([])
  },
)

it('changes nothing with a scope to read, and reads no data of members with it', () => {
  const readers = adminCalls.filter(one => one.scope === 'admin:read')
  // It reads for long, behind the answer.
  const changing = readers.filter(one => one.method !== 'GET')
  expect(changing.map(one => one.path)).toEqual(['/api/admin/audit/verify'])
  expect(readers.filter(one => /directory\/|drift|event/.test(one.path))).toEqual([])
})

import { expect, it } from 'vitest'
import { scopes } from '../../../platform/http/scope.ts'
import { initialPurpose, purposesOf, scopesFor } from './purposes.ts'

it('offers each scope under one purpose, in groups that begin with what they cannot do without', () => {
  const purposes = purposesOf(scopes)
  expect(purposes.flatMap(one => [...one.scopes, ...one.asked]).toSorted()).toEqual(scopes.toSorted())
  expect(purposes.every(one => one.scopes.length > 0)).toBe(true)
})

it('gives no scope beforehand that shows whole mobile numbers, costs money or pays back', () => {
  const given = scopesFor(purposesOf(scopes).map(one => one.name))
  expect(given).not.toContain('directory:mobile')
  expect(given).not.toContain('sms:send')
  expect(given).not.toContain('pay:refund')
  expect(scopesFor([initialPurpose])).toEqual(['directory:read'])
})

it('leaves out purposes of features that are switched off', () => {
  expect(purposesOf(['todo:read']).map(({ name, scopes }) => [name, scopes])).toEqual([
    ['todo', ['todo:read']],
  ])
})

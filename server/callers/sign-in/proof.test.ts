import { describe, expect, it } from 'vitest'
import { type Acr, needsProof } from './proof.ts'

const now = 10_000_000
const visitor = (acr: Acr, ageMs = 0) => ({ proof: { acr, amr: [], authAt: now - ageMs } })

describe('needsProof', () => {
  it.each([
    ['nobody', undefined, { acr: 1 }, 'sign-in'],
    ['who was recognised', visitor(1, 5e6), { acr: 1 }, undefined],
    ['who was recognised, for more', visitor(1), { acr: 2 }, 'confirm'],
    ['who was recognised, for a second factor', visitor(1), { acr: 3 }, 'confirm'],
    ['who signed in', visitor(2, 5e6), { acr: 2 }, undefined],
    ['who signed in, for a second factor', visitor(2), { acr: 3 }, 'second-factor'],
    ['who gave one', visitor(3, 5e6), { acr: 3 }, undefined],
    ['who signed in too long ago', visitor(3, 2000), { acr: 1, maxAgeMs: 1000 }, 'confirm'],
    ['who signed in lately', visitor(2, 500), { acr: 1, maxAgeMs: 1000 }, undefined],
    ['who was recognised lately', visitor(1), { acr: 1, maxAgeMs: 1000 }, 'confirm'],
    ['who signed in before it was asked for', visitor(2, 1), { acr: 1, after: now }, 'confirm'],
    ['who did so since', visitor(2), { acr: 1, after: now }, undefined],
    ['max_age=0', visitor(2, 1), { acr: 1, maxAgeMs: 0 }, 'confirm'],
  ] as const)('%s', (_who, who, need, missing) => {
    expect(needsProof(who, need, now)).toBe(missing)
  })
})

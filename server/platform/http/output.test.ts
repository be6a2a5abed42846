import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { type HandlerAnswer, time, writerOf } from './output.ts'
import { checkBody } from './shape.fixture.ts'

const row = Type.Object({
  id: Type.Integer(),
  at: Type.Union([time, Type.Null()]),
  note: Type.Optional(Type.String()),
})
const schema = Type.Object({ list: Type.Array(row), total: Type.Integer() })
const at = new Date(0)

describe('an answer', () => {
  const write = writerOf(schema)

  it('leaves with what is declared, and nothing else, at any depth', () => {
    const stored = { id: 1, at, note: undefined, secret: 'x' }
    const answer: HandlerAnswer<typeof schema> = { list: [stored], total: 1, ...{ hidden: true } }
    expect(JSON.parse(write(answer))).toEqual({ list: [{ id: 1, at: at.toISOString() }], total: 1 })
    expect(stored.secret).toBe('x')
  })

  it('takes the choice that fits, stripped too', () => {
    const choice = writerOf(
      Type.Union([
        Type.Object({ kind: Type.Literal('none') }),
        Type.Object({ kind: Type.Literal('some'), n: Type.Integer() }),
        Type.Null(),
      ]),
    )
    expect([{ kind: 'some', n: 1, secret: 1 }, { kind: 'none', n: 1 }, null].map(choice)).toEqual([
      '{"kind":"some","n":1}',
      '{"kind":"none"}',
      'null',
    ])
    expect(() => choice({ kind: 'other' })).toThrow()
  })

  it.each([[{ list: [] }], [{ list: [{ id: 1 }], total: 1 }], [{ list: [{ id: 'x', at }], total: 1 }]])(
    'does not leave where it is not as declared: %j',
    answer => {
      expect(() => write(answer)).toThrow()
    },
  )
})

describe('every answer that a test gets', () => {
  it.each([
    ['missing', {}],
    ['of another type', { devToken: 'x', expiresIn: '7200' }],
    ['undeclared', { devToken: 'x', expiresIn: 7200, devSecret: 'x' }],
    ['a bare list', []],
  ])('fails the test where something is %s', (_, body) => {
    expect(() => checkBody('/api/token/getDevToken', body)).toThrow('does not declare')
  })

  it('passes as declared, as a list too where developers have that', () => {
    checkBody('/api/token/getDevToken', { devToken: 'x', expiresIn: 7200 })
    checkBody('/api/org/higherList', [])
    expect(() => checkBody('/api/org/higherList', [{ orgId: '1' }])).toThrow('does not declare')
  })
})

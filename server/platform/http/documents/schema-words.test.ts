import { Type } from 'typebox'
import { expect, it } from 'vitest'
import { endpoint } from '../endpoint.ts'
import { optionalObjects, text } from '../input.ts'
import { schemaIn } from './schema-words.ts'

const both = { zh: '名称', en: 'Name' }
const max = { max: 10 }
const call = {
  methods: ['GET'],
  path: '/api/test',
  section: 'wisp',
  access: { by: 'anyone' },
  output: Type.Object({}),
  errors: [],
  sample: {},
  handle: () => ({}),
} as const

it('a schema is described in one language, as are its parts, whatever their names are', () => {
  const name = Type.String({ about: both, maxLength: 10 })
  const schema = Type.Object({ about: name, value: Type.Array(name), plain: Type.String() })
  const described = { type: 'string', description: 'Name', maxLength: 10 }
  expect(schemaIn('en', schema)).toEqual({
    type: 'object',
    required: ['about', 'value', 'plain'],
    properties: {
      about: described,
      value: { type: 'array', items: described },
      plain: { type: 'string' },
    },
  })
  expect(schemaIn('zh', name)).toEqual({ ...described, description: '名称' })
})

it('the note of an input of a page call is not in its schema', () => {
  expect(text('名称', max).schema).toEqual({ type: 'string', maxLength: 10 })
  expect(text(both, max).schema).toEqual({ type: 'string', maxLength: 10, about: both })
})

// These lines test the compiler: each must be an error, since otherwise the comment above it becomes one.
it('a text of the API does not compile without English', () => {
  const name = text(both, max)
  const list = optionalObjects(both, { name }, max)
  expect(endpoint({ ...call, summary: both, description: both, input: { name, list } }).input).toEqual({
    name,
    list,
  })
  // @ts-expect-error the summary is only Chinese
  endpoint({ ...call, summary: '名称', input: {} })
  // @ts-expect-error the description is only Chinese
  endpoint({ ...call, summary: both, description: '名称', input: {} })
  // @ts-expect-error an input is only Chinese
  endpoint({ ...call, summary: both, input: { name: text('名称', max) } })
  // @ts-expect-error an input of each object is only Chinese
  optionalObjects(both, { name: text('名称', max) }, max)
  // @ts-expect-error a part of the answer is only Chinese
  Type.String({ about: '名称' })
})

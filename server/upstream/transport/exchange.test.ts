import { expect, it } from 'vitest'
import { newPool, raw, upstream } from '../wecom/upstream.fixture.ts'
import { exchange } from './exchange.ts'
import { NoAnswer } from './no-answer.ts'

it('integers beyond 2^53 keep all their digits where that is asked for, wherever they stand', async () => {
  const text =
    '{"id": 9007199254740993,"list":[1, -9223372036854775807],"name":"1234567890123456789","rate":0.5}'
  const { baseUrl } = await upstream(raw(text))
  const pool = newPool()
  const call = { pool, baseUrl, path: '/x', query: {}, failure: NoAnswer, timeoutMs: 5000 }
  expect(await exchange({ ...call, keepsIntegers: true })).toMatchObject({
    id: '9007199254740993',
    list: [1, '-9223372036854775807'],
    name: '1234567890123456789',
    rate: 0.5,
  })
})

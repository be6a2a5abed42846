import { describe, expect, it } from 'vitest'
import { failureOf, newPool, numberedTokens, raw, upstream } from '../wecom/upstream.fixture.ts'
import { createOfficialClient } from './call.ts'

const clientOf = (baseUrl: string) =>
  createOfficialClient({
    baseUrl,
    appId: 'wx1',
    secret: 'S3cret',
    tokens: numberedTokens(),
    pool: newPool(),
    retries: 0,
  })

describe('an answer is read by its content', () => {
  const refusal = JSON.stringify({ errcode: 40007, errmsg: 'invalid media_id' })

  it.each(['image/jpeg', 'text/html', 'application/octet-stream', ''])(
    'a refusal that is called "%s"',
    async type => {
      const { baseUrl } = await upstream(raw(refusal, type))
      const client = clientOf(baseUrl)
      expect(await failureOf(client.get('/x'))).toMatchObject({ errcode: 40007 })
      expect(await failureOf(client.download('/cgi-bin/media/get', {}))).toMatchObject({ errcode: 40007 })
    },
  )

  it('a file stays a file', async () => {
    const { baseUrl } = await upstream(raw('\x89PNG', 'image/png'))
    expect(await clientOf(baseUrl).download('/cgi-bin/media/get', {})).toMatchObject({ type: 'image/png' })
  })
})

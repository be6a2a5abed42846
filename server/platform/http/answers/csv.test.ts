import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvText, sendCsv } from './csv.ts'

describe('cells', () => {
  it('makes no formula of what somebody wrote', () => {
    const written = ['=1+1', '+86', '-x', '@a', '\tx', '\rx', ' =1', '＝1', '＋1', '－1', '＠a', '﹦1']
    expect(csvText([written])).toBe(`\uFEFF'=1+1,'+86,'-x,'@a,'\tx,"'\rx", =1,'＝1,'＋1,'－1,'＠a,'﹦1\r\n`)
  })

  it('quotes separators, and writes numbers, times and nothing as a spreadsheet reads them', () => {
    expect(csvText([['a,b', 'say "hi"', 'two\nlines', -5, new Date(0), null]])).toBe(
      '\uFEFF"a,b","say ""hi""","two\nlines",-5,1970-01-01T00:00:00.000Z,\r\n',
    )
  })
})

describe('a file that nobody takes', () => {
  const megabyte = 'x'.repeat(1_000_000)
  const app = Fastify()
  let made = 0
  const ended = Promise.withResolvers<void>()

  async function* endless(): AsyncGenerator<string[]> {
    try {
      for (;;) {
        made++
        yield [megabyte]
      }
    } finally {
      ended.resolve()
    }
  }

  beforeAll(async () => {
    app.get('/file', (_, reply) =>
      sendCsv(reply, { name: 'x', head: ['x'], chunks: endless(), cells: row => [row] }),
    )
    app.get('/other', () => 'ok')
    await app.listen({ port: 0, host: '127.0.0.1' })
  })
  afterAll(() => app.close())

  it('waits for its receiver, leaves others alone, and ends with the connection', async () => {
    const url = app.listeningOrigin
    const [response] = (await once(get(`${url}/file`), 'response')) as [IncomingMessage]
    for (let n = 0; n < 200; n++) expect(await (await fetch(`${url}/other`)).text()).toBe('ok')
    // What two sockets hold, and one chunk.
    expect(made).toBeLessThan(30)
    response.destroy()
    await ended.promise
  })
})

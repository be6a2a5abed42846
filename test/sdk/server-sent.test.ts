import { describe, expect, it } from 'vitest'
import { serverSent } from '../../sdk/server/events/server-sent.ts'

async function read(chunks: readonly (string | Uint8Array)[], lastId = '') {
  const retries: number[] = []
  const ids: string[] = []
  let arrivals = 0
  const bytes = chunks.map(one => (typeof one === 'string' ? new TextEncoder().encode(one) : one))
  const events = await Array.fromAsync(
    serverSent(ReadableStream.from(bytes), {
      lastId,
      onId: id => void ids.push(id),
      onRetry: ms => void retries.push(ms),
      onBytes: () => {
        arrivals += 1
      },
    }),
  )
  return { events, retries, arrivals, ids }
}

describe('server-sent events', () => {
  it('end with an empty line, and keep the last id', async () => {
    const { events } = await read([
      'id: 1\ndata: a\n\n',
      'data:b\ndata:  c\n\n',
      'id\ndata\n\nid: 9\n\ndata: half',
    ])
    expect(events).toEqual([
      { id: '1', data: 'a' },
      { id: '1', data: 'b\n c' },
      { id: '', data: '' },
    ])
    expect((await read(['data: x\n\n'], '7')).events).toEqual([{ id: '7', data: 'x' }])
  })

  it('tell the id to go on from also where nothing happens', async () => {
    const { events, ids } = await read([
      ': beat\nid: 7\n\n',
      'id: 8\ndata: a\n\n',
      ': beat\nid: 9\n\nid: 10\n',
    ])
    expect([events, ids]).toEqual([[{ id: '8', data: 'a' }], ['7', '8', '9']])
  })

  it('come in any pieces, with any ends of lines', async () => {
    const whole = '\ufeffid: 42\r\ndata: 你好\r\n\r\nid: 43\rdata: a:b\r\rid: 44\ndata: c\n\n'
    const bytes = new TextEncoder().encode(whole)
    const wanted = [
      { id: '42', data: '你好' },
      { id: '43', data: 'a:b' },
      { id: '44', data: 'c' },
    ]
    expect((await read([whole])).events).toEqual(wanted)
    const single = await read(Array.from(bytes, byte => Uint8Array.of(byte)))
    expect([single.events, single.arrivals]).toEqual([wanted, bytes.length])
  })

  it('are not made of comments, foreign fields and bad ids', async () => {
    const { events, retries, arrivals } = await read([
      ': alive\n\n',
      'event: x\nretry: 2500\nretry: soon\nfoo: 1\n',
      'id: a\0b\ndata: c\n\n',
    ])
    expect([events, retries, arrivals]).toEqual([[{ id: '', data: 'c' }], [2500], 3])
  })
})

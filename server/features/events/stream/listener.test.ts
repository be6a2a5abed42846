import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import type { Caller } from '../../../platform/http/caller.ts'
import { createListener } from './listener.ts'

it('a heartbeat has a number only where the client does not know it', async () => {
  const server = createServer((_request, raw) => {
    const developer = {} as Caller
    const listener = createListener({
      raw,
      requestId: 'r',
      developer,
      types: ['bill'],
      again: () => developer,
    })
    listener.seq = 7
    listener.beat()
    listener.beat()
    listener.take([], 9)
    listener.beat()
    listener.beat()
    listener.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const text = await (await fetch(`http://127.0.0.1:${port}/`)).text()
  server.close()
  expect(text).toBe(': beat\nid: 7\n\n: beat\n\n: beat\nid: 9\n\n: beat\n\n')
})

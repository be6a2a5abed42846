import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** `hangs`: nothing passes any more; `ends`: the line is cut. */
type Fault = 'hangs' | 'ends'

/** A line in front of a server; what clients have been through is counted. */
export type FaultyLine = { port: number; connections(): number; close(): void }

/**
 * Passes everything on until a client sends a message with these bytes for the time that is said; then the line is faulty. Without bytes it
 * is the first query of PostgreSQL's extended protocol.
 */
export async function lineTo(
  target: { hostname: string; port: string | number },
  fault: Fault,
  { on = Buffer.from('wisp_source'), time = 1 }: { on?: Buffer; time?: number } = {},
): Promise<FaultyLine> {
  const sockets = new Set<Socket>()
  let [connections, seen] = [0, 0]
  const server = createServer(client => {
    connections++
    const onward = connect(Number(target.port), target.hostname)
    const both = [client, onward]
    for (const one of both) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        for (const each of both) each.destroy()
      })
    }
    onward.on('data', data => client.write(data))
    client.on('data', (data: Buffer) => {
      if (seen < time && data.includes(on)) seen++
      if (seen < time) onward.write(data)
      else if (fault === 'ends') client.destroy()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close() {
      for (const one of sockets) one.destroy()
      server.close()
    },
  }
}

import { createServer } from 'node:net'
import { startWorld as start, type World, type WorldOptions } from '../harness.ts'

/** Of the worker, below what systems give to those who ask for any port. */
const ownPort = 20_000 + (process.pid % 12_000)

/** A world whose pages have the address of the worker's last one: its browser has loaded and compiled them already. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const port = (await isFree(ownPort)) ? ownPort : 0
  return start({ ...options, env: { WISP_PORT: String(port), ...options.env } })
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}

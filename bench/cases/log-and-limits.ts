import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BenchServer, getTokens, portOf } from '../bed.ts'
import { cores, cpuSeconds, startChild } from '../processes.ts'
import { type Figure, short } from '../report.ts'
import { makeRequests, makers, type Request, writeRequests } from '../requests.ts'

/** A line of the server that a copy leaves out. The file must contain it once. */
type Step = { file: string; line: string }

const log: Step = {
  file: 'server/callers/gate/api-gate.ts',
  line: '      requests.note(declared, request, outcome)\n',
}
const limits: Step = { file: 'server/platform/http/endpoint.ts', line: '    admit(developer)\n' }

const root = join(import.meta.dirname, '../..')

/**
 * What the request log and the limits cost a read, beside copies of the server without the limits and without both, on one database
 * and in turns; and what a call costs that a limit refuses.
 */
export async function measureLogAndLimits(measured: BenchServer): Promise<Figure[]> {
  const { tools, bed, server, population, connected } = measured
  const startWithout = async (...steps: Step[]) => {
    const script = copyWithout(mkdtempSync(join(tools.dir, 'without-')), ...steps)
    return await startChild(script, { core: cores.measured, env: bed.env })
  }
  const copies = [await startWithout(limits), await startWithout(log, limits)]
  const variants = [measured, ...copies.map(copy => ({ ...measured, server: copy }))]
  const reads = makeRequests(makers.userGet, population, 2000)
  for (const one of variants) await cpuPerCall(one, reads)
  // Other programs only ever add to what a round takes, so that the lowest rounds tell the difference.
  const lowest = variants.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < (tools.options.quick ? 5 : 9); round++)
    for (const [n, one] of variants.entries()) lowest[n] = Math.min(lowest[n]!, await cpuPerCall(one, reads))
  for (const copy of copies) await copy.stop()
  const [served = 0, logged = 0, plainly = 0] = lowest
  const tokens = await getTokens(server, [connected.flooding])
  const refused = makeRequests(makers.userGet, { ...population, tokens }, 500)
  const floods: number[] = []
  for (let round = 0; round < 3; round++) floods.push(await cpuPerCall(measured, refused))
  const refusedAt = Math.min(...floods)
  return [
    {
      name: 'request log',
      measured: logged / plainly,
      unit: '× without',
      target: { atMost: 1.1 },
      detail: `${short(logged)} with and ${short(plainly)} without, µs of CPU per user/get`,
    },
    {
      name: 'request log and limits',
      measured: served / plainly,
      unit: '× without',
      detail: `${short(served)} with and ${short(plainly)} without, µs of CPU per user/get`,
    },
    {
      name: 'a refused call',
      measured: refusedAt / served,
      unit: '× user/get',
      target: { atMost: 1.2 },
      detail: `${short(refusedAt)} µs of CPU per call beyond the limit`,
    },
  ]
}

/** Copies the server into `dir` without some of its steps. Returns the script that starts it. */
function copyWithout(dir: string, ...steps: Step[]): string {
  for (const part of ['server', 'sdk', 'package.json'])
    cpSync(join(root, part), join(dir, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
  for (const { file, line } of steps) {
    const parts = readFileSync(join(dir, file), 'utf8').split(line)
    if (parts.length !== 2) throw new Error(`${file} does not contain once: ${line}`)
    writeFileSync(join(dir, file), parts.join(''))
  }
  return join(dir, 'server/main.ts')
}

/** µs of the server's CPU; the answers are not looked at. */
async function cpuPerCall({ tools, server }: BenchServer, list: Request[]): Promise<number> {
  const requests = writeRequests(tools.dir, list)
  const ms = tools.options.quick ? 1000 : 3000
  const job = { requests, connections: 32, order: 'random', expect: 'envelope', minBytes: 200, ms } as const
  const before = cpuSeconds(server.pid)
  const result = await tools.load({ ...job, port: portOf(server) })
  return ((cpuSeconds(server.pid) - before) / result.requests) * 1e6
}

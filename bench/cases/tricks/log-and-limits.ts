import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { getTokens, type Measured } from '../../bed.ts'
import { cores, startChild } from '../../processes.ts'
import { type Figure, short } from '../../report.ts'
import { makeRequests, makers } from '../../requests.ts'
import { cpuPerCall } from './tricks.ts'
import { copyWithout } from './without.ts'

const log = {
  file: 'server/callers/gate/api-gate.ts',
  trick: '      requests.note(declared, request, outcome)\n',
  plain: '',
}
const limits = { file: 'server/platform/http/endpoint.ts', trick: '    admit(developer)\n', plain: '' }

/**
 * What the request log and the limits cost a read, beside copies of the server without the limits and without both, on one database
 * and in turns; and what a call costs that a limit refuses.
 */
export async function measureLogAndLimits(measured: Measured): Promise<Figure[]> {
  const { tools, bed, server, population, connected } = measured
  const startWithout = async (...tricks: (typeof log)[]) => {
    const script = copyWithout(mkdtempSync(join(tools.dir, 'without-')), ...tricks)
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
      target: { atMost: 1.05 },
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

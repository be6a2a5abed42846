import { setTimeout as delay } from 'node:timers/promises'
import type { Bases } from './senders.ts'
import { startSmallOa } from './small-oa.ts'
import { vendors } from './tasks.ts'

/**
 * Reads WISP_OA_HOST (127.0.0.1), WISP_OA_PORT, WISP_OA_WEAVER_BASE, WISP_OA_SEEYON_BASE and WISP_OA_LANDRAY_BASE (where to-dos are sent as each
 * vendor does; at least one) and WISP_OA_FILE (where its tasks are kept). When it listens, it prints `{oaUrl}` and sends it to the parent process,
 * and later `{step}` for a task that somebody has finished. 张三 has a to-do from the first start.
 */
const bases: Bases = {}
for (const vendor of vendors) {
  const base = process.env[`WISP_OA_${vendor.toUpperCase()}_BASE`]
  if (base) bases[vendor] = base
}
const [vendor] = vendors.filter(one => bases[one] !== undefined)

try {
  if (!vendor) throw new Error('no WISP_OA_…_BASE is set')
  const file = process.env['WISP_OA_FILE']
  const oa = await startSmallOa({
    host: process.env['WISP_OA_HOST'] || '127.0.0.1',
    port: Number(process.env['WISP_OA_PORT'] || 0),
    bases,
    ...(file ? { file } : {}),
    onStep: step => void process.send?.({ step }),
  })
  console.log(JSON.stringify({ oaUrl: oa.url }))
  process.send?.({ oaUrl: oa.url })
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, async () => {
      await oa.close()
      process.exit(0)
    })
  const first = { id: 'OA-2026-0001', title: '用印申请：与宏远科技的采购合同', receiver: 'zhangsan', vendor }
  for (let tries = 0; tries < 20 && !(await oa.begin(first)); tries++) await delay(2000)
} catch (error) {
  console.error(`small OA: ${(error as Error).message}`)
  process.exit(1)
}

import type { Bases } from '../../../sandbox/small-oa/senders.ts'
import { vendors } from '../../../sandbox/small-oa/tasks.ts'
import { type Context, createContext } from '../../../server/context.ts'
import { addApp, listApps, setApp } from '../../../server/features/apps/apps.ts'
import { addSource, baseOfSource } from '../../../server/features/todo-sources/sources.ts'
import { readConfig } from '../../../server/platform/config.ts'
import { createLog } from '../../../server/platform/operation/log.ts'

const actor = 'cli'
const name = '小 OA'
const words = { weaver: '泛微', seeyon: '致远', landray: '蓝凌' } as const

/** Makes a source for each vendor, all of one app. Any of it may have been done by an earlier start, also at another port. */
async function bind(ctx: Context, corpId: string, oaUrl: string): Promise<Bases> {
  const known = (await listApps(ctx, corpId)).find(app => app.name === name)
  const description = '不认识 wisp 的 OA，把待办推给统一待办'
  const homeUrl = `${oaUrl}/`
  const { id: appId } =
    known ?? (await addApp(ctx, actor, corpId, { name, category: '示例', description, homeUrl }))
  if (known && known.homeUrl !== homeUrl) await setApp(ctx, actor, corpId, appId, { homeUrl })
  const bases: Bases = {}
  for (const kind of vendors) {
    const source = ctx.sources.ofCorp(corpId).find(one => one.appId === appId && one.kind === kind)
    const wanted = { kind, name: `小 OA（${words[kind]}）`, match: 'userid', appId } as const
    bases[kind] = source ? baseOfSource(ctx, source) : (await addSource(ctx, actor, corpId, wanted)).base
  }
  return bases
}

async function main(): Promise<object> {
  const config = readConfig(process.env)
  config.publicUrl ||= `http://${config.host}:${config.port}`
  const ctx = await createContext(config, { log: createLog('error') }, 'command')
  try {
    return await bind(ctx, process.env['WISP_DEMO_CORP'] ?? '', process.env['WISP_DEMO_OA_URL'] ?? '')
  } finally {
    await ctx.close()
  }
}

// As in setup.ts: leave by exit, once the word is out.
try {
  const bound = await main()
  process.send?.(bound, () => process.exit(0))
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}

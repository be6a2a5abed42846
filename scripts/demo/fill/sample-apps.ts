import { join } from 'node:path'
import { findCommand } from '../../../server/cli/execute.ts'
import { type Context, createContext } from '../../../server/context.ts'
import { readParts } from '../../../server/platform/command/command.ts'
import { readConfig } from '../../../server/platform/config.ts'
import { createLog } from '../../../server/platform/operation/log.ts'

const icons = join(import.meta.dirname, '../../../sandbox/sample-app/icons')

type Entry = { name: string; category: string; description: string; icon: string; path: string; sync: string }

/** The apps of the sample server in the app centre. Only the first one has an agent and a menu. */
const entries: Entry[] = [
  {
    name: '示例应用',
    category: '示例',
    description: '按文档写的第三方应用：登录、通讯录、弹窗、菜单、消息',
    icon: 'sample.png',
    path: '/',
    sync: '/menu',
  },
  {
    name: '审批',
    category: '办公',
    description: '待我审批的申请',
    icon: 'approval.png',
    path: '/approval',
    sync: '',
  },
  {
    name: '公告',
    category: '办公',
    description: '企业的通知和公告',
    icon: 'notice.png',
    path: '/notice',
    sync: '',
  },
]

type AppRow = { id: string; name: string; devId: string | null; homeUrl: string }

/**
 * Adds the sample applications to wisp's app centre with the commands that a person would type, and updates their addresses
 * when the sample server has moved. An application that somebody removed is not added again. Saving an app
 * with a menu for the first time also syncs the menu.
 */
async function enterSampleApps(ctx: Context, sample: { url: string; devId: string; isKnown: boolean }) {
  const corp = ctx.developers.get(sample.devId)?.corpId ?? ''
  const known = (await run(ctx, 'app list', { corp })) as AppRow[]
  for (const entry of entries) {
    const app = known.find(one => one.name === entry.name && one.devId === sample.devId)
    if (!app && sample.isKnown) continue
    if (app?.homeUrl === sample.url + entry.path) continue
    const addresses = {
      homeUrl: sample.url + entry.path,
      mobileUrl: sample.url + entry.path,
      ...(entry.sync && { syncUrl: sample.url + entry.sync }),
    }
    const isFirst = app === undefined || app.homeUrl === ''
    const { category, description, icon } = entry
    const looks = isFirst ? { category, description, icon: join(icons, icon) } : {}
    if (app) await run(ctx, 'app set', { corp, id: app.id, ...addresses, ...looks })
    else
      await run(ctx, 'app add', { corp, name: entry.name, developer: sample.devId, ...addresses, ...looks })
  }
}

async function run(ctx: Context, path: string, values: Record<string, string>): Promise<unknown> {
  const command = findCommand(path)
  if (command.needs !== 'context') throw new Error(`${path} has a database of its own`)
  const io = { say: () => {}, note: () => {}, output: () => process.stdout, signal: ctx.stopping }
  return (await command.run(ctx, readParts(command.parts, values), io)).data
}

async function main(): Promise<void> {
  const config = readConfig(process.env)
  config.publicUrl ||= `http://${config.host}:${config.port}`
  const ctx = await createContext(config, { log: createLog('error') }, 'command')
  try {
    await enterSampleApps(ctx, {
      url: process.env['WISP_SAMPLE_URL'] ?? '',
      devId: process.env['WISP_SAMPLE_DEV_ID'] ?? '',
      isKnown: process.env['WISP_SAMPLE_KNOWN'] === 'yes',
    })
  } finally {
    await ctx.close()
  }
}

// As in setup.ts: leave by exit, once the word is out.
try {
  await main()
  process.send?.({ done: true }, () => process.exit(0))
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}

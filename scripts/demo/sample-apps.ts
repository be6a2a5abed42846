import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { askServer } from '../../server/cli/client.ts'
import type { Config } from '../../server/config.ts'
import type { Demo } from './demo-file.ts'

const root = join(import.meta.dirname, '../..')
const icons = join(root, 'sandbox/sample-app/icons')

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

type Known = { id: string; name: string; devId: string | null; homeUrl: string }

/**
 * Adds the sample applications to wisp's app centre through its command line, and updates their addresses
 * when the sample server has moved. An application that somebody removed is not added again. Saving an app
 * with a menu for the first time also syncs the menu.
 */
export async function connectSampleApps(config: Config, demo: Demo, sampleUrl: string): Promise<void> {
  const known = (await wisp(config, 'app list', {})) as Known[]
  for (const entry of entries) {
    const app = known.find(one => one.name === entry.name && one.devId === demo.devId)
    if (!app && demo.sampleUrl !== undefined) continue
    if (app?.homeUrl === sampleUrl + entry.path) continue
    const addresses = {
      homeUrl: sampleUrl + entry.path,
      mobileUrl: sampleUrl + entry.path,
      ...(entry.sync && { syncUrl: sampleUrl + entry.sync }),
    }
    const isFirst = app === undefined || app.homeUrl === ''
    const { category, description, icon } = entry
    const looks = isFirst ? { category, description, icon: join(icons, icon) } : {}
    if (app) await wisp(config, 'app set', { id: app.id, ...addresses, ...looks })
    else {
      const values = { name: entry.name, developer: demo.devId, ...addresses, ...looks }
      await wisp(config, 'app add', values)
    }
  }
}

/** Runs one command: in the running server, or in a process of its own where the database can be shared. */
async function wisp(config: Config, command: string, values: Record<string, string>): Promise<unknown> {
  const words = { out: '', error: '' }
  const asked = await askServer(
    config,
    { command, values, json: true },
    AbortSignal.timeout(30_000),
    event => {
      if ('out' in event) words.out += event.out
      if ('error' in event) words.error += event.error
    },
  )
  if (words.error) throw new Error(words.error)
  if (asked) return JSON.parse(words.out)
  const { id, ...options } = values
  const flags = Object.entries(options).flatMap(([name, value]) => [
    `--${name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`,
    value,
  ])
  const argv = [join(root, 'server/cli.ts'), '--json', ...command.split(' '), ...(id ? [id] : []), ...flags]
  const { stdout } = await promisify(execFile)(process.execPath, argv)
  return JSON.parse(stdout)
}

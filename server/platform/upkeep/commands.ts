import { commandOnConfig } from '../command/command.ts'
import { said } from '../command/language.ts'
import { oneLine } from '../command/text.ts'
import type { Config } from '../config.ts'
import { createLog } from '../operation/log.ts'
import type { Words } from '../words.ts'
import { type ConfigCheck, checkConfig } from './check-config.ts'

type Needs = {
  config: Config
  /** Of those who use the configuration. */
  configChecks: readonly ((config: Config) => Promise<ConfigCheck | undefined>)[]
}

const names: Record<string, Words> = {
  environment: { zh: '环境变量', en: 'environment' },
  publicUrl: { zh: '访问地址', en: 'public address' },
  folders: { zh: '文件夹', en: 'folders' },
  port: { zh: '端口', en: 'port' },
  database: { zh: '数据库', en: 'database' },
  password: { zh: '初始密码', en: 'first password' },
}

const check = commandOnConfig({
  path: 'config check',
  point: 'installation:read',
  summary: {
    zh: '检查环境变量、访问地址、文件夹、端口、数据库、密钥和还在运行的节点，说明能不能启动；什么也不改',
    en: 'Check environment variables, public address, folders, port, database, key and nodes that still run, and say whether wisp can start; nothing is changed',
  },
  details: {
    zh: '不认识的 WISP_… 变量也算问题，并提示最像的名字。有问题时退出码为 1。',
    en: 'Unknown WISP_… variables count as problems, with the nearest name. The exit code is 1 if there are problems.',
  },
  parts: {},
  async run({ config, configChecks }: Needs) {
    const checks = await checkConfig(config, createLog('silent'))
    for (const check of configChecks) {
      const found = await check(config)
      if (found) checks.push(found)
    }
    const text = checks.map(({ name, ok, detail }) =>
      said({
        zh: `${ok ? '通过' : '有误'}  ${names[name]?.zh}：${oneLine(detail)}`,
        en: `${ok ? 'ok' : 'wrong'}  ${names[name]?.en}: ${oneLine(detail)}`,
      }),
    )
    return { data: checks, text: text.join('\n'), failed: checks.some(one => !one.ok) }
  },
})

export const configCommands = [check]

import { commandOnConfig } from '../command/command.ts'
import { oneLine } from '../command/text.ts'
import type { Config } from '../config.ts'
import { createLog } from '../operation/log.ts'
import { type ConfigCheck, checkConfig } from './check-config.ts'

type Needs = {
  config: Config
  /** Of those who use the configuration. */
  configChecks: readonly ((config: Config) => Promise<ConfigCheck | undefined>)[]
}

const names: Record<string, string> = {
  environment: '环境变量',
  publicUrl: '访问地址',
  folders: '文件夹',
  port: '端口',
  database: '数据库',
  password: '初始密码',
}

const check = commandOnConfig({
  path: 'config check',
  point: 'installation:read',
  summary: '检查环境变量、访问地址、文件夹、端口、数据库、密钥和还在运行的节点，说明能不能启动；什么也不改',
  details: '不认识的 WISP_… 变量也算问题，并提示最像的名字。有问题时退出码为 1。',
  parts: {},
  async run({ config, configChecks }: Needs) {
    const checks = await checkConfig(config, createLog('silent'))
    for (const check of configChecks) {
      const found = await check(config)
      if (found) checks.push(found)
    }
    const text = checks.map(
      ({ name, ok, detail }) => `${ok ? '通过' : '有误'}  ${names[name]}：${oneLine(detail)}`,
    )
    return { data: checks, text: text.join('\n'), failed: checks.some(one => !one.ok) }
  },
})

export const configCommands = [check]

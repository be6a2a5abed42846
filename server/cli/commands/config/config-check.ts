import { strengthOf } from '../../../callers/sign-in/password-rules.ts'
import { administratorName } from '../../../organisation/directory/permissions/person.ts'
import { wordsIn } from '../../../platform/http/words.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { type ConfigCheck, checkConfig } from '../../../platform/upkeep/check-config.ts'
import { type Command, commandOnConfig } from '../../command.ts'
import { oneLine } from '../../text.ts'

const names: Record<string, string> = {
  environment: '环境变量',
  port: '端口',
  database: '数据库',
  password: '初始密码',
}

const check = commandOnConfig({
  path: 'config check',
  summary: '检查环境变量、端口、数据库和密钥，说明能不能启动；什么也不改',
  details: '不认识的 WISP_… 变量也算问题，并提示最像的名字。有问题时退出码为 1。',
  parts: {},
  async run(config) {
    const checks = await checkConfig(config, createLog('silent'))
    if (config.adminPassword) checks.push(await checkPassword(config.adminPassword))
    const text = checks.map(
      ({ name, ok, detail }) => `${ok ? '通过' : '有误'}  ${names[name]}：${oneLine(detail)}`,
    )
    return { data: checks, text: text.join('\n'), failed: checks.some(one => !one.ok) }
  },
})

async function checkPassword(password: string): Promise<ConfigCheck> {
  const { problem } = await strengthOf(password, administratorName)
  const detail = problem ? `WISP_ADMIN_PASSWORD ${wordsIn('zh', problem)}` : '可以用'
  return { name: 'password', ok: problem === undefined, detail }
}

export const configCommands: Command[] = [check]

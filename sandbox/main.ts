import { join } from 'node:path'
import { Corps } from './corps.ts'
import { type SandboxOptions, startSandbox } from './sandbox.ts'

function numberOf(name: string, otherwise: number, max: number): number {
  const text = process.env[name]
  if (text === undefined || text === '') return otherwise
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0 && number <= max) return number
  throw new Error(`${name} must be a whole number from 0 to ${max}, not ${text}`)
}

function readOptions(): SandboxOptions {
  const dataDir = process.env['WISP_SANDBOX_DATA_DIR']
  return {
    port: numberOf('WISP_SANDBOX_PORT', 3001, 65535),
    smtpPort: numberOf('WISP_SANDBOX_SMTP_PORT', 3025, 65535),
    host: process.env['WISP_SANDBOX_HOST'] || '127.0.0.1',
    members: numberOf('WISP_SANDBOX_MEMBERS', 300, 2_000_000),
    ...(dataDir && { dataDir }),
  }
}

/** A small corp that became WeCom's customer after 2022; it trusts this machine's addresses. */
function secondOptions({ host, dataDir }: SandboxOptions, port: number): SandboxOptions {
  return {
    port,
    ...(host && { host }),
    ...(dataDir && { dataDir: join(dataDir, 'second') }),
    members: 40,
    seed: 2,
    company: '云帆新材料有限公司',
    newCustomerFrom: ['127.0.0.1', '::1', '::ffff:127.0.0.1'],
  }
}

try {
  const options = readOptions()
  const secondPort = numberOf('WISP_SANDBOX_SECOND_PORT', -1, 65535)
  const corps = new Corps()
  const sandbox = await startSandbox({ ...options, corps })
  const second =
    secondPort < 0 ? undefined : await startSandbox({ ...secondOptions(options, secondPort), corps })
  const { url, corpId, contactSecret, agents, robots, sms, smtp, official, pay } = sandbox
  const told = { sandboxUrl: url, corpId, contactSecret, agents, robots, sms, smtp, official, pay }
  const other = second && {
    sandboxUrl: second.url,
    corpId: second.corpId,
    contactSecret: second.contactSecret,
    agents: second.agents,
  }
  console.log(JSON.stringify({ ...told, ...(other && { second: other }) }))
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, async () => {
      if (stopping) return
      stopping = true
      await Promise.all([sandbox.close(), second?.close()])
      process.exit(0)
    })
  }
} catch (error) {
  console.error(`sandbox: ${(error as Error).message}`)
  process.exit(1)
}

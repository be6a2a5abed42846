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

try {
  const sandbox = await startSandbox(readOptions())
  const { url, corpId, contactSecret, agents, sms, smtp, official, pay } = sandbox
  console.log(JSON.stringify({ sandboxUrl: url, corpId, contactSecret, agents, sms, smtp, official, pay }))
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, async () => {
      if (stopping) return
      stopping = true
      await sandbox.close()
      process.exit(0)
    })
  }
} catch (error) {
  console.error(`sandbox: ${(error as Error).message}`)
  process.exit(1)
}

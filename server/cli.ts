import { setTimeout as delay } from 'node:timers/promises'
import { askServer } from './cli/client.ts'
import { readParts, UsageError } from './cli/command.ts'
import { type Event, execute, exitCodes, failure, findCommand } from './cli/execute.ts'
import { type Invocation, parseArguments } from './cli/program.ts'
import { completeValues } from './cli/typed.ts'
import { type Config, readConfig } from './config.ts'
import { type Context, createContext } from './context.ts'
import { createLog } from './operation/log.ts'
import { DataDirectoryBusy } from './storage/database.ts'

/** The command line of wisp (spec §10): answers the exit code. */
async function main(argv: string[], signal: AbortSignal): Promise<number> {
  let code: number = exitCodes.failed
  const emit = (event: Event) => {
    if ('out' in event) console.log(event.out)
    else if ('note' in event) console.error(event.note)
    else if ('exit' in event) code = event.exit
    else if (event.error) console.error(`wisp: ${event.error}`)
  }
  try {
    const invocation = parseArguments(argv)
    if (!invocation) return exitCodes.ok
    const command = findCommand(invocation.command)
    const prompt = (text: string) => process.stderr.write(text)
    invocation.values = await completeValues(command, invocation.values, process.stdin, prompt)
    readParts(command.parts, invocation.values)
    const config = readConfig(process.env)
    if (command.needs === 'config') await execute({ config }, invocation, signal, emit)
    else if (config.databaseUrl) await executeHere(config, invocation, signal, emit)
    else await executeThere(config, invocation, signal, emit)
  } catch (error) {
    for (const event of failure(error)) emit(event)
    if (error instanceof UsageError && error.message) console.error('用法见 wisp --help')
  }
  return code
}

async function executeHere(
  config: Config,
  invocation: Invocation,
  signal: AbortSignal,
  emit: (event: Event) => void,
): Promise<void> {
  config.publicUrl ||= `http://${config.host}:${config.port}`
  const log = createLog(config.logLevel === 'debug' ? 'debug' : 'silent', process.stderr)
  const context: Context = await createContext(config, { log })
  try {
    await execute({ context }, invocation, signal, emit)
  } finally {
    await context.close()
  }
}

const patienceMs = 10_000

/**
 * On the embedded database: by the server, or in this process when none runs. While one starts or stops, or another
 * command is at work, the database is owned and nobody answers yet.
 */
async function executeThere(
  config: Config,
  invocation: Invocation,
  signal: AbortSignal,
  emit: (event: Event) => void,
): Promise<void> {
  const until = Date.now() + patienceMs
  for (;;) {
    if (await askServer(config, invocation, signal, emit)) return
    try {
      return await executeHere(config, invocation, signal, emit)
    } catch (error) {
      if (!(error instanceof DataDirectoryBusy) || Date.now() > until) throw error
      await delay(100, undefined, { signal })
    }
  }
}

const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (interrupted.signal.aborted) process.exit(exitCodes.interrupted)
    interrupted.abort()
  })
}
process.exitCode = await main(process.argv.slice(2), interrupted.signal)
// Whatever a driver may have left open must not keep the shell waiting.
process.stdout.write('', () => process.exit())

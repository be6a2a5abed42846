import { readParts, UsageError } from './cli/command.ts'
import { execute, exitCodes, failure, findCommand } from './cli/execute.ts'
import { parseArguments } from './cli/program.ts'
import { completeValues } from './cli/typed.ts'
import { readConfig } from './config.ts'

const terminal = {
  out: (text: string) => console.log(text),
  note: (text: string) => console.error(text),
}

/** Runs wisp's command line (spec §10) and returns the exit code. */
async function main(argv: string[], signal: AbortSignal): Promise<number> {
  try {
    const invocation = parseArguments(argv)
    if (!invocation) return exitCodes.ok
    const command = findCommand(invocation.command)
    const prompt = (text: string) => process.stderr.write(text)
    invocation.values = await completeValues(command, invocation.values, process.stdin, prompt)
    readParts(command.parts, invocation.values)
    return await execute(readConfig(process.env), invocation, signal, terminal)
  } catch (error) {
    const { line, code } = failure(error)
    if (line) console.error(`wisp: ${line}`)
    if (error instanceof UsageError && error.message) console.error('用法见 wisp --help')
    return code
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
// Exit explicitly, because handles that a driver left open must not keep the shell waiting.
process.stdout.write('', () => process.exit())

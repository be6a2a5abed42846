import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { readParts, UsageError } from '../platform/command/command.ts'
import { inLanguage, said } from '../platform/command/language.ts'
import { readConfig } from '../platform/config.ts'
import { withUpstreams } from '../platform/upkeep/upstreams-file.ts'
import { execute, exitCodes, failure, findCommand, type Terminal } from './execute.ts'
import { languageOf } from './frame.ts'
import { parseArguments } from './program.ts'
import { withVariable } from './signing.ts'
import { completeValues } from './typed.ts'

/** What surrounds a command: the process that the shell started, or a test. */
export type Shell = {
  env: NodeJS.ProcessEnv
  stdin: Readable & { isTTY?: boolean }
  terminal: Terminal
  /** Writes to standard error without ending the line. */
  prompt(text: string): void
  signal: AbortSignal
}

/** Runs wisp's command line in the language of its user, and returns the exit code. */
export function runTyped(argv: string[], shell: Shell): Promise<number> {
  return inLanguage(languageOf(argv, shell.env), () => run(argv, shell))
}

async function run(argv: string[], shell: Shell): Promise<number> {
  const { terminal } = shell
  try {
    const invocation = parseArguments(argv)
    if (!invocation) return exitCodes.ok
    const command = findCommand(invocation.command)
    invocation.values = await completeValues(command, invocation.values, shell.stdin, shell.prompt)
    readParts(command.parts, invocation.values)
    invocation.signing = withVariable(invocation.signing, shell.env)
    const asking = shell.stdin.isTTY ? { ...terminal, ask: askIn(shell) } : terminal
    return await execute(readConfig(withUpstreams(shell.env)), invocation, shell.signal, asking)
  } catch (error) {
    const { line, code } = failure(error)
    if (line) terminal.note(`wisp: ${line}`)
    if (error instanceof UsageError && error.message)
      terminal.note(said({ zh: '用法见 wisp --help', en: 'wisp --help shows the usage' }))
    return code
  }
}

function askIn({ stdin, prompt }: Shell): (question: string) => Promise<string> {
  return async question => {
    prompt(question)
    const lines = createInterface({ input: stdin })
    for await (const line of lines) return line
    return ''
  }
}

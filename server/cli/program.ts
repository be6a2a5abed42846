import { Command as Commander, CommanderError, Option } from 'commander'
import { type RawValue, UsageError } from '../platform/command/command.ts'
import { version } from '../platform/version.ts'
import { type Command, commands, groups } from './commands.ts'
import { addSigning, type SigningOptions, signingHelp, signingOf } from './signing.ts'

/** What was typed: the command's path, its values as the shell passed them, whether to answer in JSON, and who stands for it. */
export type Invocation = {
  command: string
  values: Record<string, RawValue>
  json: boolean
  signing: SigningOptions
}

/** Returns undefined when help was requested and shown. Throws UsageError. */
export function parseArguments(argv: string[]): Invocation | undefined {
  let invocation: Invocation | undefined
  const program = newProgram(found => {
    invocation = found
  })
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return undefined
    throw new UsageError(error.code === 'commander.help' ? '' : error.message.replace(/^error: /, ''))
  }
  return invocation
}

const environmentHelp = `
数据库由环境变量决定: WISP_DATABASE_URL 为自备的 PostgreSQL，否则是 WISP_DATA_DIR（默认 ./data）里的内嵌 PostgreSQL，
没有运行时由命令启动。退出码: 0 成功，1 失败，2 用法错误。每个命令都有 --help 与 --json。
${signingHelp}`

function newProgram(onFound: (invocation: Invocation) => void): Commander {
  const program = new Commander('wisp')
  program
    .description('微信一体化服务平台的命令行')
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ sortSubcommands: false })
    .helpOption('-h, --help', '显示帮助')
    .helpCommand(false)
    .option('--json', '以 JSON 输出')
    .version(version, '-V, --version', '显示版本')
    .addHelpText('after', environmentHelp)
  const parents = new Map<string, Commander>([['', program]])
  for (const command of commands) {
    const words = command.path.split(' ')
    const leaf = addCommand(parentOf(parents, words.slice(0, -1)), words.at(-1)!, command)
    // `backup check` is below `backup`, which is a command itself.
    parents.set(command.path, leaf)
    leaf.action(() =>
      onFound({
        command: command.path,
        values: valuesOf(leaf, command),
        json: isJson(leaf),
        signing: signingOf(leaf, command.parts),
      }),
    )
  }
  return program
}

function parentOf(parents: Map<string, Commander>, words: string[]): Commander {
  const path = words.join(' ')
  const known = parents.get(path)
  if (known) return known
  const parent = parentOf(parents, words.slice(0, -1))
    .command(words.at(-1)!)
    .description(groups[path] ?? '')
    .helpCommand(false)
    .option('--json', '以 JSON 输出')
  parents.set(path, parent)
  return parent
}

function addCommand(parent: Commander, name: string, command: Command): Commander {
  const leaf = parent.command(name).description(command.summary)
  for (const part of Object.values(command.parts)) {
    if (part.flags.startsWith('-')) leaf.addOption(new Option(part.flags, part.description))
    else leaf.argument(part.flags, part.description)
  }
  leaf.option('--json', '以 JSON 输出')
  addSigning(leaf, command.parts)
  if (command.details) leaf.addHelpText('after', `\n${command.details}`)
  return leaf
}

/** The values under the names that the command declares, independent of commander's names. */
function valuesOf(leaf: Commander, command: Command): Record<string, RawValue> {
  const given = leaf.opts<Record<string, RawValue>>()
  const positional = [...leaf.args]
  return Object.fromEntries(
    Object.entries(command.parts).map(([name, part]) => [
      name,
      part.flags.startsWith('-')
        ? given[new Option(part.flags).attributeName()]
        : (positional.shift() as RawValue),
    ]),
  )
}

function isJson(leaf: Commander): boolean {
  return leaf.optsWithGlobals<{ json?: boolean }>().json === true
}

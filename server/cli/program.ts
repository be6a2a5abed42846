import { Command as Commander, CommanderError, Option } from 'commander'
import type { RawValue } from '../platform/command/command.ts'
import { said } from '../platform/command/language.ts'
import { version } from '../platform/version.ts'
import { type Command, commands, groups } from './commands.ts'
import { framed, languageOption, usageErrorOf } from './frame.ts'
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
    throw usageErrorOf(error)
  }
  return invocation
}

const about = {
  zh: '微信一体化服务平台的命令行',
  en: 'The command line of wisp, a self-hosted WeChat integrated service platform',
}

/** Options that every command has. */
const everywhere = {
  help: { zh: '显示帮助', en: 'show help' },
  json: { zh: '以 JSON 输出', en: 'print JSON' },
  version: { zh: '显示版本', en: 'show the version' },
}

/** What the help of the whole says after the commands, and the page of the site at its head. */
export const environmentHelp = {
  zh: `数据库由环境变量决定: WISP_DATABASE_URL 为自备的 PostgreSQL，否则是 WISP_DATA_DIR（默认 ./data）里的内嵌 PostgreSQL，
没有运行时由命令启动。退出码: 0 成功，1 失败，2 用法错误，130 中断。每个命令都有 --help、--json 与 --lang。`,
  en: `The environment decides on the database: WISP_DATABASE_URL is a PostgreSQL of your own, else it is the embedded PostgreSQL in
WISP_DATA_DIR (./data by default), which a command starts if it is not running. Exit codes: 0 done, 1 failed, 2 not understood,
130 interrupted. Every command takes --help, --json and --lang.`,
}

function newProgram(onFound: (invocation: Invocation) => void): Commander {
  const program = new Commander('wisp')
  framed(program)
    .description(said(about))
    .exitOverride()
    .helpOption('-h, --help', said(everywhere.help))
    .helpCommand(false)
    .option('--json', said(everywhere.json))
    .addOption(languageOption())
    .version(version, '-V, --version', said(everywhere.version))
    .addHelpText('after', `\n${said(environmentHelp)}\n\n${said(signingHelp)}`)
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
    .description(said(groups[path] ?? ''))
    .helpCommand(false)
    .option('--json', said(everywhere.json))
    .addOption(languageOption().hideHelp())
  parents.set(path, parent)
  return parent
}

function addCommand(parent: Commander, name: string, command: Command): Commander {
  const leaf = parent.command(name).description(said(command.summary))
  for (const part of Object.values(command.parts)) {
    if (part.flags.startsWith('-')) leaf.addOption(new Option(part.flags, said(part.description)))
    else leaf.argument(part.flags, said(part.description))
  }
  leaf.option('--json', said(everywhere.json)).addOption(languageOption().hideHelp())
  addSigning(leaf, command.parts)
  if (command.details) leaf.addHelpText('after', `\n${said(command.details)}`)
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

/** What commander says itself, in the language of the command line: titles, usage, errors. */

import { type Command as Commander, type CommanderError, Help, Option } from 'commander'
import { UsageError } from '../platform/command/command.ts'
import { commandLanguage, languageOfLocale, languages, said } from '../platform/command/language.ts'
import { notOneOf } from '../platform/command/parts.ts'
import { width } from '../platform/command/text.ts'
import type { Language, Words } from '../platform/words.ts'

const languageFlags = '--lang <language>'

/** The language of the command line: that of `--lang`, else that of the locale. It is needed before the command line is read. */
export function languageOf(argv: readonly string[], env: NodeJS.ProcessEnv): Language {
  const words = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  const at = words.findLastIndex(word => word === '--lang' || word.startsWith('--lang='))
  const word = words[at] ?? ''
  const given = word === '--lang' ? words[at + 1] : word.slice('--lang='.length)
  return languages.find(one => one === given) ?? languageOfLocale(env)
}

/** Every command takes it; the help of the whole explains it once. */
export function languageOption(): Option {
  const about = {
    zh: '语言: zh、en；默认取自 LC_ALL、LC_MESSAGES、LANG',
    en: 'language: zh, en; by default that of LC_ALL, LC_MESSAGES, LANG',
  }
  return new Option(languageFlags, said(about)).argParser(given => {
    if (languages.some(one => one === given)) return given
    throw notOneOf(languageFlags, languages)
  })
}

const titles: Readonly<Record<string, string>> = {
  'Usage:': '用法:',
  'Arguments:': '参数:',
  'Options:': '选项:',
  'Commands:': '命令:',
}

const plain = new Help()

/** What stands for further words in a usage. */
const inUsage = (usage: string) =>
  commandLanguage() === 'zh' ? usage.replace('[options]', '[选项]').replace('[command]', '[命令]') : usage

/** Puts what commander writes by itself into the language of the command line. */
export function framed(program: Commander): Commander {
  return program.configureOutput({ outputError: () => {} }).configureHelp({
    sortSubcommands: false,
    displayWidth: width,
    styleTitle: title => (commandLanguage() === 'zh' ? (titles[title] ?? title) : title),
    commandUsage: command => inUsage(plain.commandUsage(command)),
    subcommandTerm: command => inUsage(plain.subcommandTerm(command)),
  })
}

/** What commander found wrong, by its code: its message, and ours with the parts of it. */
const errors: Readonly<Record<string, { message: RegExp; words: Words }>> = {
  'commander.unknownCommand': {
    message: /^unknown command '(.*)'$/,
    words: { zh: '没有命令 $1', en: 'there is no command $1' },
  },
  'commander.unknownOption': {
    message: /^unknown option '(.*)'$/,
    words: { zh: '没有选项 $1', en: 'there is no option $1' },
  },
  'commander.missingArgument': {
    message: /^missing required argument '(.*)'$/,
    words: { zh: '缺少 <$1>', en: '<$1> is missing' },
  },
  'commander.optionMissingArgument': {
    message: /^option '(.*)' argument missing$/,
    words: { zh: '$1 缺少值', en: '$1 has no value' },
  },
  'commander.excessArguments': {
    message: /^too many arguments.*\. Expected (\d+) (arguments?) but got (\d+): (.*)\.$/,
    words: { zh: '参数应为 $1 个，收到 $3 个: $4', en: 'takes $1 $2, but got $3: $4' },
  },
}

/** Empty words where commander has shown the help instead. A message that is not known stays as it is. */
export function usageErrorOf({ code, message }: CommanderError): UsageError {
  if (code === 'commander.help') return new UsageError({ zh: '', en: '' })
  const [, what = '', nearest] =
    /^(?:error: )?([\s\S]*?)(?:\n\(Did you mean (?:one of )?(.*)\?\))?$/.exec(message) ?? []
  const known = errors[code]
  const inWords = (words: string) => (known ? what.replace(known.message, words) : what)
  return new UsageError({
    zh: `${inWords(known?.words.zh ?? '')}${nearest ? `，是不是 ${nearest.replaceAll(', ', ' 或 ')}？` : ''}`,
    en: `${inWords(known?.words.en ?? '')}${nearest ? `; did you mean ${nearest.replaceAll(', ', ' or ')}?` : ''}`,
  })
}

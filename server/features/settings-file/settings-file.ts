import { type TObject, Type } from 'typebox'
import { shapeFault, strangeNameIn, strangeNameWords } from '../../platform/http/bodies/shape-words.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { OfferedSection } from '../../platform/manifest/offered.ts'
import type { SettingsItem } from '../../platform/manifest/settings-section.ts'

const format = 'wisp settings'
/** Grows when a file of before can no longer be read as it was meant. */
const version = 1
const head = ['format', 'version', 'corpId']

/** The settings of a corp as a file has them: an item, or a list of items, by the name of its section. */
export type SettingsFile = { corpId: string; sections: ReadonlyMap<string, readonly SettingsItem[]> }

export function fileText({ corpId, sections }: SettingsFile, offered: readonly OfferedSection[]): string {
  const body = offered.map(({ name, key }) => {
    const items = sections.get(name) ?? []
    return [name, key ? items : items[0]] as const
  })
  return `${JSON.stringify({ format, version, corpId, ...Object.fromEntries(body) }, null, 2)}\n`
}

/** Reads a file and checks the shape of all that is in it. Throws 1000, naming the place. */
export function readSettingsFile(text: string, offered: readonly OfferedSection[]): SettingsFile {
  const { corpId, ...given } = readHead(text)
  const known = new Map(offered.map(section => [section.name, section]))
  const sections = new Map<string, readonly SettingsItem[]>()
  for (const [name, value] of Object.entries(given)) {
    const section = known.get(name)
    if (!section) throw unknownName(name, name, [...known.keys()])
    if (section.key === undefined) {
      checkItem(name, Type.Partial(section.shape(), { additionalProperties: false }), value)
      sections.set(name, [value as SettingsItem])
    } else {
      if (!Array.isArray(value)) throw wrong(name, '应为数组', 'should be an array')
      const shape = section.shape()
      for (const [at, item] of value.entries()) checkItem(`${name}[${at}]`, shape, item)
      checkKeys(name, section.key, value as SettingsItem[])
      sections.set(name, value as SettingsItem[])
    }
  }
  return { corpId, sections }
}

function readHead(text: string): { corpId: string } & Record<string, unknown> {
  const file = parsed(text)
  if (typeof file !== 'object' || file === null || !('format' in file) || file.format !== format)
    throw wrong(
      'format',
      `应为 "${format}"：这不是 wisp export settings 写的文件`,
      `should be "${format}": this is no file of wisp export settings`,
    )
  const { version: given, corpId, ...rest } = file as Record<string, unknown>
  if (given !== version)
    throw wrong(
      'version',
      `是 ${JSON.stringify(given) ?? '空'}，此版本的 wisp 只读 ${version}`,
      `is ${JSON.stringify(given) ?? 'missing'}; this wisp reads ${version} alone`,
    )
  if (typeof corpId !== 'string') throw wrong('corpId', '应为企业 ID', 'should be the id of a corp')
  return { corpId, ...Object.fromEntries(Object.entries(rest).filter(([name]) => !head.includes(name))) }
}

/** Editors of Windows begin a file with a byte order mark. */
const bom = /^\uFEFF/
const depthAtMost = 32

function parsed(given: string): unknown {
  const text = given.replace(bom, '')
  if (isDeeper(text, depthAtMost))
    throw new ApiError('badParameter', {
      zh: told`文件嵌套超过 ${own(depthAtMost)} 层，不是 wisp export settings 写的文件`,
      en: told`the file is nested more than ${own(depthAtMost)} levels deep: it is no file of wisp export settings`,
    })
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = (error as Error).message
    throw new ApiError('badParameter', {
      zh: told`文件不是 JSON：${why}`,
      en: told`the file is no JSON: ${why}`,
    })
  }
}

/** Looked at before the file is parsed, because what checks it calls itself once a level. */
function isDeeper(text: string, atMost: number): boolean {
  let depth = 0
  for (const [mark] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{\]}]/gs)) {
    if (mark === '[' || mark === '{') depth++
    else if (mark === ']' || mark === '}') depth--
    if (depth > atMost) return true
  }
  return false
}

/** Names that say what must not be in the file. */
const secretName = /secret|password|token|private|aes.?key|api.?v3|access.?key|^key$/i

function checkItem(place: string, shape: TObject, item: unknown): void {
  const strange = strangeNameIn(shape, item)
  if (strange && secretName.test(strange.name))
    throw wrong(
      `${place}${strange.place}`,
      '密钥不能写在文件里，请用各自的命令设置',
      'secrets do not belong in the file: set them by their own commands',
    )
  const fault = shapeFault(place, shape, item)
  if (fault) throw new ApiError('badParameter', fault)
}

function checkKeys(section: string, key: string, items: readonly SettingsItem[]): void {
  const seen = new Set<unknown>()
  for (const [at, { [key]: value, name }] of items.entries()) {
    const identity = value ?? `name ${name}`
    if (seen.has(identity))
      throw wrong(`${section}[${at}].${key}`, '与前面的一项重复', 'is that of an item before')
    seen.add(identity)
  }
}

function unknownName(place: string, name: string, known: readonly string[]): ApiError {
  const { zh, en } = strangeNameWords({ place, name, known })
  return wrong(place, zh, en)
}

function wrong(place: string, zh: string, en: string): ApiError {
  return new ApiError('badParameter', { zh: told`${place} ${own(zh)}`, en: told`${place} ${own(en)}` })
}

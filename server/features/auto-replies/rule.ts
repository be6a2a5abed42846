import { type Static, type TSchema, Type } from 'typebox'
import { ApiError } from '../../platform/http/errors.ts'
import { checkBytes, checkRequired, readName, readSet } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import { checkHours, hoursSchema } from './hours.ts'
import { compileRegex, type Match, matches, normalize } from './match.ts'
import type { OwnerKind } from './owner.ts'
import { againByDefault, agains, type RuleKind, ruleKinds } from './rule-kinds.ts'

const ownFields = {
  name: Type.String({ maxLength: 64 }),
  kind: Type.Enum(ruleKinds),
  /** How keywords are compared. */
  match: Type.Enum(matches),
  /** Keywords, the menu's keys, or types of messages. */
  words: Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 }),
  /** All contents, or one of them by chance. */
  pick: Type.Enum(['all', 'one']),
  /** The flow that begins after the contents. */
  flowId: Type.Union([Type.Integer(), Type.Null()]),
  /** A larger one is asked first. */
  priority: Type.Integer({ minimum: 0, maximum: 1000 }),
  hours: Type.Union([hoursSchema, Type.Null()]),
  /** Of a welcome (`enter`): when the same person is welcomed again; by default the next day. */
  again: Type.Optional(Type.Enum(agains)),
  enabled: Type.Boolean(),
}
const ownSchema = Type.Object(ownFields)
export type NewRule<Content = unknown> = Static<typeof ownSchema> & { contents: Content[] }
export type Rule<Content = unknown> = NewRule<Content> & { readonly id: number }

/** `content` is one of the messages that a rule can answer. */
export const ruleFieldsOf = <Content extends TSchema>(content: Content) => ({
  ...ownFields,
  contents: Type.Array(content, { maxItems: 20 }),
})

export const priorityByDefault = 100
export const rulesAtMost = 2000
export const regexesAtMost = 50
const wordsAtMost = 50
const keywordAtMost = 60
const regexAtMost = 200

const events: ReadonlySet<RuleKind> = new Set(['enter', 'subscribe', 'menu'])
const wordless: ReadonlySet<RuleKind> = new Set(['enter', 'subscribe', 'default'])

/** The rule as it is stored, its texts trimmed. Throws 1000 and 1001. */
export function readRule<Content>(kind: OwnerKind<Content>, given: NewRule<Content>): NewRule<Content> {
  const name = readName(given.name)
  if (!kind.ruleKinds.includes(given.kind))
    throw new ApiError('badParameter', {
      zh: told`${own(kind.one.zh)}没有 ${own(given.kind)} 规则，应为 ${own(kind.ruleKinds.join('、'))} 之一`,
      en: told`${own(kind.one.en)} has no ${own(given.kind)} rules: it should be one of ${own(kind.ruleKinds.join(', '))}`,
    })
  const match = given.kind === 'keyword' ? given.match : 'exact'
  const words = readWords(kind, given.kind, match, given.words)
  const trigger = events.has(given.kind) ? 'event' : 'message'
  kind.checkContents(given.contents, trigger, 'contents')
  if (given.contents.length === 0 && given.flowId === null)
    throw new ApiError('badParameter', {
      zh: '规则没有回复内容，也没有进入流程',
      en: 'the rule has no reply, and begins no flow',
    })
  if (given.hours) checkHours(given.hours)
  const again = given.kind === 'enter' ? (given.again ?? againByDefault) : againByDefault
  return { ...given, name, match, words, again }
}

function readWords(
  { messageTypes, menuKeyBytesAtMost }: OwnerKind<never>,
  kind: RuleKind,
  match: Match,
  given: readonly string[],
): string[] {
  if (wordless.has(kind)) return []
  const words = readSet(
    given.map(word => word.trim()),
    'words',
    wordsAtMost,
  )
  if (words.length === 0) throw new ApiError('missingParameter', 'words')
  if (kind === 'keyword') checkKeywords(match, words)
  for (const word of words) {
    if (kind === 'menu') {
      checkRequired(word, 'words', menuKeyBytesAtMost)
      checkBytes(word, 'words', menuKeyBytesAtMost)
    }
    if (kind === 'type' && !messageTypes.includes(word))
      throw new ApiError('badParameter', {
        zh: told`没有消息类型 ${word}，应为 ${own(messageTypes.join('、'))} 之一`,
        en: told`there is no message type ${word}: it should be one of ${own(messageTypes.join(', '))}`,
      })
  }
  return words
}

/** Also for the branches of a flow. Throws 1000 and 1001. */
export function checkKeywords(match: Match, words: readonly string[], name = 'words'): void {
  if (words.length > wordsAtMost) readSet(words, name, wordsAtMost)
  for (const word of words) {
    checkRequired(word, name, match === 'regex' ? regexAtMost : keywordAtMost)
    if (match === 'regex') compileRegex(word)
    else if (normalize(word) === '') throw new ApiError('missingParameter', told`${own(name)}`)
  }
}

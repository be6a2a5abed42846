import { ApiError } from '../../platform/http/errors.ts'
import { wordsOfOthers } from '../../platform/http/told.ts'
import type { OwnerKind } from './owner.ts'
import type { NewRule } from './rule.ts'
import { ruleKinds } from './rule-kinds.ts'

/** A rule for an exact keyword, unless told otherwise. */
export function newRuleOf<Content>(given: Partial<NewRule<Content>>): NewRule<Content> {
  return {
    name: given.words?.[0]?.slice(0, 20) ?? given.kind ?? '规则',
    kind: 'keyword',
    match: 'exact',
    words: [],
    contents: [],
    pick: 'all',
    flowId: null,
    priority: 100,
    hours: null,
    enabled: true,
    ...given,
  }
}

const refused = (why: string) => new ApiError('badParameter', wordsOfOthers(why))

/** Owners that answer with plain texts; none of them may be `bad`, at most three go at once, and a time-out comes within the hour. */
export const textOwners: OwnerKind<string> = {
  one: { zh: '一个应用', en: 'an application' },
  person: { zh: '成员', en: 'the member' },
  acts: 'official',
  stream: 'official-flow',
  messageTypes: ['text', 'image'],
  menuKeyBytesAtMost: 12,
  ruleKinds,
  checkContents(contents, trigger, name) {
    if (contents.includes('bad')) throw refused(`${name} after a ${trigger}`)
  },
  checkChain(stepId, contents) {
    if (contents.length > 3) throw refused(`${contents.length} texts from ${stepId} on`)
  },
  checkTimeout(text, minutes) {
    if (minutes > 60) throw refused(`${text} after ${minutes} minutes`)
  },
  lock: () => Promise.resolve(),
}

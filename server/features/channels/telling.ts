import { ApiError } from '../../platform/http/errors.ts'
import { type ToldWords, wordsOfOthers } from '../../platform/http/told.ts'
import { type Language, storedWords, type Words, wordsIn, wordsToStore } from '../../platform/words.ts'
import { anyChannelList, channelOf } from './channels.ts'
import {
  approvalCauses,
  approvalReasons,
  type CodedReason,
  commonReasons,
  decisionReasons,
  type Reason,
  type ReasonText,
  waitingReasons,
} from './reason.ts'

type TextOfCode = {
  words(parameters: CodedReason): Words | string
  advice?: Words | ((parameters: CodedReason) => Words | undefined)
}
const tellings: Record<string, ReasonText> = Object.assign(
  {},
  commonReasons,
  waitingReasons,
  decisionReasons,
  approvalCauses,
  approvalReasons,
  ...anyChannelList.map(([, channel]) => channel.reasons),
)

function isCoded(reason: Reason): reason is CodedReason {
  return typeof reason === 'object' && 'code' in reason
}

function tellingOf({ code }: CodedReason): TextOfCode | undefined {
  // A code is only ever stored with the parameters that its own telling takes.
  return (Object.hasOwn(tellings, code) ? tellings[code] : undefined) as TextOfCode | undefined
}

/** The only place where reasons are put into words. */
export function wordsOf(reason: Reason): Words | string {
  if (!isCoded(reason)) return reason
  return tellingOf(reason)?.words(reason) ?? JSON.stringify(reason)
}

/** How people know one of a channel's ways; a name that an administrator gave is told as it is. */
export function wayWords(channel: string, way: string): Words | string {
  return channelOf(channel).wayWords?.(way) ?? way
}

/** What to do about an answer from upstream; undefined where the answer says it all. */
export function adviceOf(channel: string, reason: Reason): Words | undefined {
  if (!isCoded(reason)) return channelOf(channel).textAdvice?.(wordsIn('zh', reason))
  const advice = tellingOf(reason)?.advice
  return typeof advice === 'function' ? advice(reason) : advice
}

const textAtMost = 1000

/** The form for a text column. Texts of others are cut, each by itself, because cut JSON could not be read back. */
export function keptReason(reason: Reason): string {
  if (typeof reason === 'string') return reason.slice(0, textAtMost)
  const cut = Object.entries(reason).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.slice(0, textAtMost) : value,
  ])
  return isCoded(reason) ? JSON.stringify(Object.fromEntries(cut)) : wordsToStore(Object.fromEntries(cut))
}

/** Reads what `keptReason` wrote, and the texts of rows from before reasons had codes. */
export function storedReason(text: string): Reason {
  if (!text.startsWith('{"code":')) return storedWords(text)
  try {
    const reason = JSON.parse(text) as CodedReason
    return tellingOf(reason) ? reason : text
  } catch {
    return text
  }
}

/** A stored reason in the reader's language. */
export function toldIn(language: Language, kept: string, atMost = textAtMost): string {
  return wordsIn(language, wordsOf(storedReason(kept))).slice(0, atMost)
}

/**
 * A stored reason, and what to do about it, in the reader's language; `advice` is '' where there is nothing to do. Every page that shows
 * what became of a message asks this function.
 */
export function reasonAndAdvice(
  language: Language,
  channel: string,
  kept: string,
): { reason: string; advice: string } {
  const advice = kept ? adviceOf(channel, storedReason(kept)) : undefined
  return { reason: toldIn(language, kept), advice: wordsIn(language, advice ?? '') }
}

/** All forms in which the reason of recalled parts is stored: the later two come from before reasons had codes. */
export const keptRecalled = [
  keptReason({ code: 'recalled' }),
  wordsToStore(commonReasons.recalled.words()),
  commonReasons.recalled.words().zh,
]

/** Error 1008: the message centre cannot send as it is configured. */
export class Refusal extends ApiError<ToldWords> {
  readonly reason: Reason
  constructor(reason: Reason) {
    super('messageCentre', wordsOfOthers(wordsOf(reason)))
    this.reason = reason
  }
}

import {
  byteLength,
  type EmailContent,
  limits,
  type MessageInput,
  type WecomContent,
} from '../accept/content.ts'
import type { SmsTemplate } from '../settings/settings.ts'

/** How much of a field is used, in bytes or characters, and what of it is cut off. */
export type Counter = { field: string; used: number; limit: number; unit: 'byte' | 'character'; cut: string }

/** A message as its receiver will see it; `parts` are the messages that a long text is split into. */
export type Preview =
  | { channel: 'wecom'; kind: 'text'; parts: { text: string; bytes: number }[]; counters: Counter[] }
  | {
      channel: 'wecom'
      kind: 'textcard'
      title: string
      description: string
      url: string
      btntxt: string
      counters: Counter[]
    }
  | {
      channel: 'wecom'
      kind: 'news'
      title: string
      description: string
      url: string
      picUrl: string
      counters: Counter[]
    }
  | { channel: 'email'; from: string; subject: string; text: string; url: string; btntxt: string }
  | ({ channel: 'sms' } & SmsPreview)

/** `input`: what was asked for, when that is known, to tell what is cut off. */
export function wecomPreview(content: WecomContent, input?: MessageInput): Preview {
  if (content.kind === 'text') {
    const whole = input
      ? byteLength(input.content)
      : content.chunks.reduce((sum, one) => sum + byteLength(one), 0)
    return {
      channel: 'wecom',
      kind: 'text',
      parts: content.chunks.map(text => ({ text, bytes: byteLength(text) })),
      counters: [{ field: 'content', used: whole, limit: limits.wholeText, unit: 'byte', cut: '' }],
    }
  }
  const { title, description, url } = content
  const asked = input && { title: `【${input.agentName}】${input.title ?? ''}`, description: input.content }
  const common = { channel: 'wecom' as const, title, description, url }
  const counters = [
    counter('title', asked?.title ?? title, title, limits.title),
    counter('content', asked?.description ?? description, description, limits.description),
    counter('url', url, url, limits.url),
  ]
  if (content.kind === 'news') return { ...common, kind: 'news', picUrl: content.picUrl, counters }
  const label = input?.btntxt ?? content.btntxt
  const button: Counter = {
    field: 'btntxt',
    used: [...label].length,
    limit: limits.btntxt,
    unit: 'character',
    cut: label.slice(content.btntxt.length),
  }
  return { ...common, kind: 'textcard', btntxt: content.btntxt, counters: [...counters, button] }
}

function counter(field: string, asked: string, shown: string, limit: number): Counter {
  return { field, used: byteLength(asked), limit, unit: 'byte', cut: asked.slice(shown.length) }
}

export function emailPreview({ subject, text, url, btntxt }: EmailContent, from: string): Preview {
  return { channel: 'email', from, subject, text, url, btntxt }
}

/** `text` is '' where the template's words are not registered; the vendor alone knows them. */
export type SmsPreview = {
  sign: string
  text: string
  params: { name: string; value: string }[]
  /** UTF-16 units with the signature: what vendors count. */
  characters: number
  segments: number
}

/** Mainland SMS: 70 characters, or 67 in each of several (upstream.md §8). */
export const segmentSizes = { only: 70, ofSeveral: 67 }

export function smsPreview(
  template: Pick<SmsTemplate, 'params' | 'text'>,
  sign: string,
  values: readonly string[],
): SmsPreview {
  const params = template.params.map((name, index) => ({ name, value: values[index] ?? '' }))
  const body = filled(template.text, params)
  const text = body && sign ? `【${sign}】${body}` : body
  return { sign, text, params, characters: text.length, segments: segmentsOf(text) }
}

export function segmentsOf(text: string): number {
  if (text.length <= segmentSizes.only) return text ? 1 : 0
  return Math.ceil(text.length / segmentSizes.ofSeveral)
}

/** Tencent writes `{1}`, Aliyun `${name}`. */
function filled(text: string, params: { name: string; value: string }[]): string {
  return text.replace(/\$\{(\w+)\}|\{(\d+)\}/g, (whole, name: string | undefined, n: string | undefined) => {
    const found = name === undefined ? params[Number(n) - 1] : params.find(one => one.name === name)
    return found?.value || whole
  })
}

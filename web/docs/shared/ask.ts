import type { Ask, Trial } from './call.ts'

/** Values by the names in braces of a sample input, such as `userId`. */
export type Samples = Record<string, unknown>

const named = /\{(\w+)\}/g

/**
 * The inputs with `{userId}` and the like replaced. What stands for a value that is not there is left out, so that the
 * form shows an empty field for it.
 */
export function fillInput(sampleInput: Record<string, unknown>, samples: Samples): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sampleInput).flatMap(([name, value]) => {
      const filled = fillValue(value, samples)
      const isEmpty = filled === undefined || (Array.isArray(filled) && filled.length === 0)
      return isEmpty ? [] : [[name, filled]]
    }),
  )
}

function fillValue(value: unknown, samples: Samples): unknown {
  if (Array.isArray(value)) return value.map(one => fillValue(one, samples)).filter(one => one !== undefined)
  if (typeof value !== 'string') return value
  const whole = /^\{(\w+)\}$/.exec(value)?.[1]
  if (whole) return samples[whole]
  const isWhole = [...value.matchAll(named)].every(([, name]) => samples[name ?? ''] !== undefined)
  return isWhole ? value.replace(named, (_all, name: string) => String(samples[name])) : undefined
}

/** Values that are made for each request. */
export function freshSamples(): Samples {
  const hex = (bytes: number) =>
    [...crypto.getRandomValues(new Uint8Array(bytes))].map(one => one.toString(16).padStart(2, '0')).join('')
  return {
    unique: hex(6),
    nonce: hex(16),
    proof: '0'.repeat(64),
    now: String(Math.floor(Date.now() / 1000)),
    jessionId: 'jessionId-of-your-page',
  }
}

/** What stands in the snippets of a page until a developer's own values are known. */
export const demonstration: Samples = {
  userId: 'zhangsan',
  receiver: 'zhangsan',
  userName: '张三',
  orgId: '2',
  tagId: '1',
  corpId: 'wwb1d5c0ffee123456',
  fileId: 'a1',
  expires: '1795575600000',
  sign: 'SIGN',
  appId: '1000002',
  agentId: '1000002',
  msgId: 'MSG_ID',
  smsTemplateId: 'TEMPLATE_ID',
  smsParams: ['666666', '5'],
  billNo: '2026-11-0001',
  webhookId: 'WEBHOOK_ID',
  originalId: 'gh_3c884a361561',
  openid: 'OPENID',
  templateId: 'TEMPLATE_ID',
  templateData: { thing1: '季度例会' },
  devId: 'DEV_ID',
  devSecret: 'DEV_SECRET',
  jessionId: 'JESSION_ID',
  unique: '20261126-001',
  nonce: '00112233445566778899aabbccddeeff',
  proof: '0'.repeat(64),
  now: '1795572000',
  pageUrl: 'https://app.example.com/',
}

/** The request of a call with these inputs; `base` is where the platform is, without a trailing slash. */
export function askOf(trial: Trial, input: Record<string, unknown>, base: string): Ask {
  const { method, path, needsToken } = trial
  if (method === 'POST') return { method, url: base + path, body: input, needsToken }
  const query = new URLSearchParams(
    Object.entries(input).map(([name, value]) => [
      name,
      Array.isArray(value)
        ? value.join('|')
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value),
    ]),
  )
  return { method, url: `${base}${path}${query.size > 0 ? `?${query}` : ''}`, needsToken }
}

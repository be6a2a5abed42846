import { createHash, randomBytes } from 'node:crypto'
import { verdictOf } from './classes.ts'
import { isMainland, outcomeOfCode, type SmsOutcome, type SmsVendor } from './vendor.ts'

export type HuaweiSettings = {
  appKey: string
  appSecret: string
  /** The channel number of the sign (通道号). */
  channelNumber: string
  /** How `PasswordDigest` encodes the hash: its bytes, or its hexadecimal text. */
  digestForm?: 'bytes' | 'hex'
  /** What SMS abroad show as their sender. */
  sender?: string
}

export type WsseParts = { nonce: string; created: string }

/** A call of the HTTP side: the answer's status and text. Throws what `outcomeOfFailure` reads. */
export type HttpPost = (
  path: string,
  headers: Record<string, string>,
  body: Buffer,
) => Promise<{ status: number; text: string }>

const path = '/sms/batchSendSms/v1'

export function wsseHeader(
  { appKey, appSecret, digestForm = 'bytes' }: HuaweiSettings,
  { nonce, created }: WsseParts,
): string {
  const hash = createHash('sha256').update(`${nonce}${created}${appSecret}`)
  const digest =
    digestForm === 'hex' ? Buffer.from(hash.digest('hex')).toString('base64') : hash.digest('base64')
  return `UsernameToken Username="${appKey}",PasswordDigest="${digest}",Nonce="${nonce}",Created="${created}"`
}

type Answer = Record<'code' | 'description', string> & { result: Row[] }
type Row = Record<'originTo' | 'smsMsgId' | 'status', string>

/** `callback` is where receipts are wanted, if anywhere. */
export type HuaweiOptions = {
  settings: HuaweiSettings
  post: HttpPost
  callback: string | undefined
  now: () => number
}

/**
 * Huawei Cloud MSGSMS (docs/upstream/sms.md#huawei-cloud). It keeps no record that could be asked, so `find` is absent; its code is for
 * the call, and a status for each number.
 */
export function huaweiSms({ settings, post, callback, now }: HuaweiOptions): SmsVendor {
  return {
    async send({ phones, templateId, params }) {
      const from = isMainland(phones[0] ?? '') ? settings.channelNumber : (settings.sender ?? '')
      const form = new URLSearchParams({
        from,
        to: phones.join(),
        templateId,
        templateParas: JSON.stringify(params.map(one => one.value)),
        ...(callback ? { statusCallback: callback } : {}),
      })
      const created = new Date(now()).toISOString().replace(/\.\d+Z$/, 'Z')
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: 'WSSE realm="SDP",profile="UsernameToken",type="Appkey"',
        'x-wsse': wsseHeader(settings, { nonce: randomBytes(16).toString('hex'), created }),
      }
      const { status, text } = await post(path, headers, Buffer.from(form.toString()))
      return outcomeOf(status, text)
    },
  }
}

function outcomeOf(status: number, text: string): SmsOutcome {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return { kind: 'unsure', message: `HTTP ${status}: no JSON` }
  }
  const { code, description, result } = readAnswer(answer)
  // A call that some number failed has a code of its own, and the statuses tell.
  if (code !== success && !(result.length > 0 && result.some(row => row.status === success)))
    return code === '' || status >= 500
      ? { kind: 'unsure', message: `HTTP ${status}: ${description}` }
      : ofNumbers(code, description, result)
  return {
    kind: 'sent',
    serial: result.find(row => row.smsMsgId)?.smsMsgId ?? '',
    refused: refusedOf(result),
    serials: result.flatMap(({ originTo, smsMsgId, status }) =>
      smsMsgId && status === success ? { phone: originTo, serial: smsMsgId } : [],
    ),
  }
}

const success = '000000'

function refusedOf(result: readonly Row[]) {
  return result
    .filter(row => row.status !== success)
    .map(({ originTo, status }) => ({
      phone: originTo,
      code: status,
      message: '',
      ...verdictOf('huawei', status),
    }))
}

/** Where each number has a status of its own, that counts and not the code of the call. The same one for all is of the call. */
function ofNumbers(code: string, description: string, result: readonly Row[]): SmsOutcome {
  const [first] = result
  if (!first) return outcomeOfCode('huawei', code, description)
  if (result.every(row => row.status === first.status))
    return outcomeOfCode('huawei', first.status, description)
  return { kind: 'sent', serial: '', refused: refusedOf(result) }
}

/** Whatever came, in the form of an answer: what has another form than Huawei's is left out. */
function readAnswer(given: unknown): Answer {
  const textsOf = <K extends string>(of: unknown, ...names: K[]) =>
    Object.fromEntries(
      names.map(name => {
        const value = (Object(of) as Record<string, unknown>)[name]
        return [name, typeof value === 'string' ? value : '']
      }),
    ) as Record<K, string>
  const { result } = Object(given) as { result?: unknown }
  const rows = Array.isArray(result) ? result : []
  return {
    ...textsOf(given, 'code', 'description'),
    result: rows.map(row => textsOf(row, 'originTo', 'smsMsgId', 'status')),
  }
}

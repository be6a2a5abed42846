import { ApiError } from '../../platform/http/errors.ts'
import { describeError } from '../../platform/operation/log.ts'
import { storable } from '../../platform/storage/foreign-text.ts'
import type { Words } from '../../platform/words.ts'
import { explainErrcode, WecomError, WecomUnavailable } from '../../upstream/wecom/errors.ts'
import { unavailableText } from '../corps/doctor/probe.ts'

/** An error in the form stored for administrators: what happened and, on a second line, what to change and where. */
export function failureWords(error: unknown): Words {
  const { zh, en } = wordsOf(error)
  return { zh: storable(zh), en: storable(en) }
}

function wordsOf(error: unknown): Words {
  if (error instanceof WecomError) return refusalWords(error)
  if (error instanceof WecomUnavailable) return unavailableText(error)
  if (error instanceof ApiError) return { zh: error.reasonIn('zh'), en: error.reasonIn('en') }
  const { error: described } = describeError(error)
  return { zh: `平台出错（${described}）`, en: `the platform failed (${described})` }
}

/** WeCom's own words are shown only for an errcode that is not listed, and without their appendix for support. */
export function refusalWords({ errcode, errmsg, fromIp, kind }: WecomError): Words {
  const { text, fix } = explainErrcode(errcode)
  const [said = ''] = errmsg.split(/,?\s*(?:hint:|from ip:|more info at)/)
  const isUnlisted = kind === 'other' && said !== ''
  const zh = isUnlisted ? `（${said}）` : fromIp ? `（来自 ${fromIp}）` : ''
  const en = isUnlisted ? ` (${said})` : fromIp ? ` (from ${fromIp})` : ''
  return {
    zh: `企业微信 ${errcode} ${text.zh}${zh}${fix ? `。\n${fix.zh}` : ''}`,
    en: `WeCom ${errcode} ${text.en}${en}${fix ? `.\n${fix.en}` : ''}`,
  }
}

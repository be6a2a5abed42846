import { currentLanguage } from '../language.ts'

/** An amount in fen as yuan, such as ¥1,234.50. Amounts are fen everywhere else, so that sums are exact. */
export function formatYuan(fen: number): string {
  const yuan = (Math.abs(fen) / 100).toLocaleString(currentLanguage() === 'en' ? 'en-GB' : 'zh-CN', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  })
  return `${fen < 0 ? '−' : ''}¥${yuan}`
}

/** The same without grouping, to be edited. */
export function yuanOf(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}

/** Fen of an amount in yuan as people write it, such as `1,234.5`, digit by digit; undefined for anything else. */
export function fenOf(yuan: string): number | undefined {
  const [, whole, decimals = ''] =
    /^[¥￥]?\s*(\d{1,3}(?:,\d{3})+|\d{1,10})(?:\.(\d{1,2}))?$/.exec(yuan.trim()) ?? []
  return whole === undefined
    ? undefined
    : Number(whole.replaceAll(',', '')) * 100 + Number(decimals.padEnd(2, '0'))
}

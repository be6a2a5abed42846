import { currentLanguage } from '../language.ts'

/** An amount in fen as yuan, such as 1,234.50. Amounts are fen everywhere else, so that sums are exact. */
export function formatYuan(fen: number): string {
  return (fen / 100).toLocaleString(currentLanguage() === 'en' ? 'en-GB' : 'zh-CN', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  })
}

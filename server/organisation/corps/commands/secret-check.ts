import type { Output } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { toggle } from '../../../platform/command/parts.ts'
import type { Check } from '../doctor/check.ts'

const marks = { ok: '✓', warning: '!', failed: '✗' } as const

export const checkPart = toggle('--no-check', {
  zh: '不先向企业微信验证密钥',
  en: 'do not ask WeCom about the secret first',
})

/** What the doctor found, line by line, with what to change. */
export function checkLines(checks: readonly Check[]): string {
  return checks
    .map(({ state, title, detail, fix }) => {
      const remedy = fix ? `\n    → ${fix}` : ''
      return `${marks[state]} ${title}${detail ? `: ${detail}` : ''}${remedy}`
    })
    .join('\n')
}

/** What a doctor found, with the words that the console uses for it: a question without an answer is no proof that all is well. */
export function examinedOutput(report: { ok: boolean; checks: readonly Check[] }): Output {
  const noticed = report.checks.filter(check => check.state === 'warning').length
  const good =
    noticed > 0
      ? said({ zh: `可以使用，有 ${noticed} 项值得留意`, en: `works; ${noticed} checks are worth a look` })
      : said({ zh: '可以使用', en: 'ready' })
  const verdict = report.ok ? good : said({ zh: '有问题需要处理', en: 'there are problems to solve' })
  return { data: report, text: `${checkLines(report.checks)}\n\n${verdict}`, failed: !report.ok }
}

/** The answer of a command that saves nothing, because WeCom does not take the secret. */
export function refusedSecret(checks: readonly Check[]): Output {
  const text = said({
    zh: `${checkLines(checks)}\n\n企业微信没有接受密钥，未保存；仍要保存请加 --no-check`,
    en: `${checkLines(checks)}\n\nWeCom did not accept the secret, nothing was saved; add --no-check to save it anyway`,
  })
  return { data: { saved: false, checks }, text, failed: true }
}

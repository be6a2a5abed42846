import { sentencesOf, type Unit } from './prose.ts'

/** A sentence of Chinese may have this many commas. */
const mostCommas = 5

const words: readonly [RegExp, string][] = [
  [/本平台/g, 'wisp 或“平台”'],
  [/返回码/g, '错误码'],
  [/应答(?!机)/g, '返回'],
  [/作废/g, '失效'],
  [/听到/g, '收到'],
  [/认出/g, '识别'],
  [/死(?!锁)/g, '失效、停止、故障'],
  [/本[地机]管理员/g, '系统超级管理员'],
  [/企业微信应用/g, '自建应用'],
]

/** Texts of the codes that the interface document words with a half-width colon. */
const wireTexts = /(?:参数错误|接口错误|无效的[^:，。]{1,12}|[^:，。]{1,12}(?:失败|错误)): /g

/** Returns what is wrong with a unit of Chinese. */
export function wrongInChinese(unit: Unit): string[] {
  const text = unit.text.replaceAll(wireTexts, '：')
  const halves = [...text.matchAll(/\p{Script=Han} ?[,:;()] ?(?=\p{Script=Han})/gu)]
  return [
    ...words.flatMap(([word, instead]) => [...text.matchAll(word)].map(match => `“${match[0]}”：${instead}`)),
    ...(text.match(/[「」]/g) ? ['「」：引号用“”'] : []),
    ...halves.map(half => `“${half[0].trim()}”：用全角标点`),
    ...sentencesOf(text)
      .map(sentence => sentence.split('，').length - 1)
      .filter(commas => commas > mostCommas)
      .map(commas => `一句 ${commas} 个逗号，最多 ${mostCommas} 个`),
  ]
}

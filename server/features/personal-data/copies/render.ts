import type { Words } from '../../../platform/words.ts'
import type { CopySection } from './read-person.ts'

/** Whose copy it is, and of when. */
export type CopyHead = { corp: string; userId: string; name: string; at: Date }

export const copyFormats = ['json', 'html'] as const
export type CopyFormat = (typeof copyFormats)[number]

/** The file, a section at a time. Sections of one table follow each other. */
export async function* renderCopy(
  format: CopyFormat,
  head: CopyHead,
  sections: AsyncIterable<CopySection>,
): AsyncGenerator<string> {
  yield* format === 'json' ? asJson(head, sections) : asHtml(head, sections)
}

async function* asJson(head: CopyHead, sections: AsyncIterable<CopySection>): AsyncGenerator<string> {
  yield `{"about":${JSON.stringify({ ...head, at: head.at.toISOString() })},"data":[`
  let isFirst = true
  for await (const section of sections) {
    yield `${isFirst ? '' : ','}\n${JSON.stringify(section)}`
    isFirst = false
  }
  yield '\n]}\n'
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, one => escapes[one] ?? one)

const style = `body{font:14px/1.6 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;margin:.5rem 0 1.5rem;width:100%}th,td{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;
vertical-align:top;overflow-wrap:anywhere}th{background:#f4f4f4;font-weight:600}small{color:#666}`

/** One page without scripts, which opens offline. Policy and escapes keep what others wrote from doing anything. */
async function* asHtml(
  { corp, userId, name, at }: CopyHead,
  sections: AsyncIterable<CopySection>,
): AsyncGenerator<string> {
  yield `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>个人信息副本</title><style>${style}</style><h1>个人信息副本 <small>Copy of personal data</small></h1>
<p>${escaped(name)}（${escaped(userId)}） · ${escaped(corp)} · ${at.toISOString()}</p>`
  let last = ''
  for await (const { table, what, why, rows } of sections) {
    const [first] = rows
    if (!first) continue
    const heading = `${table} ${what.zh}`
    if (heading !== last) yield `<h2>${both(what)}</h2><p><small>${both(why)} · ${escaped(table)}</small></p>`
    last = heading
    const names = Object.keys(first)
    const lines = rows.map(
      row => `<tr>${names.map(one => `<td>${escaped(shown(row[one]))}</td>`).join('')}</tr>`,
    )
    yield `<table><tr>${names.map(one => `<th>${escaped(one)}</th>`).join('')}</tr>${lines.join('\n')}</table>`
  }
  yield '</html>\n'
}

const both = ({ zh, en }: Words) => `${escaped(zh)} <small>${escaped(en)}</small>`

function shown(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

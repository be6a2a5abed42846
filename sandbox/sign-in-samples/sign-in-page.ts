import type { FastifyReply } from 'fastify'

/** What the page of a sample application shows: who is signed in and what it was told of them, or that nobody is. */
export interface SamplePage {
  /** Of the application. */
  name: string
  words: string
  /** Names and values that were received. */
  facts?: [string, string][]
  buttons: { href: string; words: string }[]
}

const style = `
  :root { color-scheme: light dark; --page: #f5f7fa; --card: #fff; --text: #1f2329; --quiet: #5f6672; --line: #e5e8ee; --link: #1f5be0; }
  @media (prefers-color-scheme: dark) { :root { --page: #101216; --card: #181b21; --text: #e6e8ec; --quiet: #a3a9b5; --line: #2c313a; --link: #8cb1ff; } }
  body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.7 "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif; }
  main { box-sizing: border-box; max-width: 640px; margin: 0 auto; padding: 40px 16px; overflow-wrap: anywhere; }
  h1 { margin: 0 0 8px; font-size: 22px; }
  p { margin: 0 0 20px; color: var(--quiet); }
  dl { margin: 0 0 20px; padding: 8px 20px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
  dl div { display: grid; grid-template-columns: minmax(120px, 40%) 1fr; gap: 12px; padding: 6px 0; }
  dt { color: var(--quiet); }
  dd { margin: 0; }
  a { display: inline-block; margin-right: 12px; padding: 8px 20px; border: 1px solid var(--link); border-radius: 6px; color: var(--link); text-decoration: none; }
  a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
`

export function sendShown(
  reply: FastifyReply,
  { name, words, facts = [], buttons }: SamplePage,
): FastifyReply {
  const rows = facts.map(
    ([label, value]) => `<div><dt>${escaped(label)}</dt><dd>${escaped(value)}</dd></div>`,
  )
  return reply
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'")
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(name)}</title>
<style>${style}</style>
<main>
  <h1>${escaped(name)}</h1>
  <p>${escaped(words)}</p>
  ${rows.length > 0 ? `<dl>${rows.join('')}</dl>` : ''}
  ${buttons.map(one => `<a href="${escaped(one.href)}">${escaped(one.words)}</a>`).join('\n  ')}
</main>
</html>
`)
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, one => `&#${one.charCodeAt(0)};`)
}

import type { FastifyReply } from 'fastify'
import type { Task, Vendor } from './tasks.ts'

export const vendorWords: Record<Vendor, string> = { weaver: '泛微', seeyon: '致远', landray: '蓝凌' }
const stateWords = { open: '未办', done: '已办', withdrawn: '已撤回' }

const style = `
  :root { color-scheme: light dark; --page: #f5f7fa; --card: #fff; --text: #1f2329; --quiet: #5f6672; --line: #d5d9e0; --link: #1f5be0; }
  @media (prefers-color-scheme: dark) { :root { --page: #101216; --card: #181b21; --text: #e6e8ec; --quiet: #a3a9b5; --line: #3a404a; --link: #8cb1ff; } }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.7 "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif; }
  main { max-width: 760px; margin: 0 auto; padding: 32px 16px; overflow-wrap: anywhere; }
  h1 { margin: 0 0 4px; font-size: 22px; }
  h2 { margin: 28px 0 8px; font-size: 16px; }
  p, .quiet { margin: 0 0 12px; color: var(--quiet); }
  article, form.new { margin: 0 0 12px; padding: 12px 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
  article h3 { margin: 0; font-size: 15px; }
  code { display: block; margin: 8px 0; padding: 8px; border-radius: 6px; background: var(--page); font-size: 12px; white-space: pre-wrap; }
  form { display: inline; }
  form.new { display: grid; gap: 10px; grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); align-items: end; }
  label { display: grid; color: var(--quiet); }
  input, select, button { min-height: 36px; padding: 4px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--card); color: var(--text); font: inherit; }
  button { border-color: var(--link); color: var(--link); cursor: pointer; }
  :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
  a { color: var(--link); }
`

export function sendPage(reply: FastifyReply, title: string, body: string): FastifyReply {
  return reply
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    )
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
<main>
${body}
</main>
</html>
`)
}

export function listPage(tasks: readonly Task[], kinds: readonly Vendor[]): string {
  return `<h1>小 OA（沙箱）</h1>
<p>一个不认识 wisp 的 OA：像泛微、致远或蓝凌那样把待办推给统一待办，并显示对方的应答。</p>
${newForm(kinds)}
<h2>待办</h2>
${tasks.length === 0 ? '<p>还没有待办。</p>' : tasks.map(card).join('\n')}`
}

function newForm(kinds: readonly Vendor[]): string {
  const options = kinds.map(one => `<option value="${one}">${vendorWords[one]}</option>`).join('')
  return `<form class="new" method="post" action="/tasks">
<label>标题<input name="title" required maxlength="100" value="用印申请：采购合同"></label>
<label>待办人<input name="receiver" required maxlength="64" value="zhangsan"></label>
<label>类型<select name="kind"><option value="todo">待办</option><option value="read">待阅</option></select></label>
<label>按哪家的接口推送<select name="vendor">${options}</select></label>
<button>发起</button>
</form>`
}

function card(task: Task): string {
  const { id, title, receiver, state, kind, vendor, answer } = task
  return `<article>
<h3><a href="/task/${escaped(id)}">${escaped(title)}</a></h3>
<div class="quiet">${escaped(receiver)} · ${kind === 'read' ? '待阅' : '待办'} · ${stateWords[state]} · 按${vendorWords[vendor]}推送</div>
<code>${escaped(answer || '还没有应答')}</code>
${state === 'open' ? `${act(id, 'done', '办结')} ${act(id, 'withdraw', '撤回')}` : ''} ${act(id, 'send', '再推一次')}
</article>`
}

function act(id: string, name: string, words: string): string {
  return `<form method="post" action="/task/${escaped(id)}/${name}"><button>${words}</button></form>`
}

/** What a person sees who opens the to-do. */
export function taskPage({ id, title, receiver, state, kind }: Task): string {
  const button = kind === 'read' ? act(id, 'done', '已阅') : act(id, 'done', '同意')
  return `<h1>${escaped(title)}</h1>
<p>待办人 ${escaped(receiver)} · ${stateWords[state]}</p>
<p>这是小 OA 里的办理页，从统一待办打开。办结后，工作台上的待办随即消失。</p>
${state === 'open' ? button : ''}
<p><a href="/">全部待办</a></p>`
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, one => `&#${one.charCodeAt(0)};`)
}

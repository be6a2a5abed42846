import type { Piece } from '../shared/colours.ts'

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, one => entities[one] ?? one)
}

export function coloured(pieces: readonly Piece[]): string {
  return pieces
    .map(({ text, kind }) =>
      kind ? `<span class="hljs-${kind}">${escapeHtml(text)}</span>` : escapeHtml(text),
    )
    .join('')
}

/** A block of code with its language and a button that copies it. What scrolls can be reached from the keyboard. */
export function codeBlock(html: string, label: string, copy: string): string {
  return `<div class="code"><div class="code-head"><span>${escapeHtml(label)}</span><button type="button" class="copy">${escapeHtml(copy)}</button></div><pre tabindex="0" role="group" aria-label="${escapeHtml(label)}"><code>${html}</code></pre></div>`
}
